{{ config(materialized='table') }}

with

library as (
    select * from {{ ref('control_library') }}
),

days as (
    select * from {{ ref('fct_control_days') }} where on_date = {{ last_day() }}
),

results as (
    select * from {{ ref('fct_control_results') }} where on_date = {{ last_day() }}
),

not_judged as (
    select
        control_id,
        entity_kind,
        entity_id,
        min(reason) as reason
    from {{ ref('fct_tested_items') }}
    where is_exception is null and tested_on = {{ last_day() }}
    group by control_id, entity_kind, entity_id
),

-- Who left is out of scope, and still has a result where a control looked at what was left behind.
entities as (
    select 'agent' as entity_kind, agent_id as entity_id
    from {{ ref('int_entities__agent_day') }} where on_date = {{ last_day() }}
    union
    select 'process' as entity_kind, process_id as entity_id
    from {{ ref('int_entities__process_day') }} where on_date = {{ last_day() }}
    union
    select entity_kind, entity_id from results
    union
    select entity_kind, entity_id from not_judged
),

final as (
    select
        library.control_id,
        entities.entity_kind,
        entities.entity_id,
        {{ last_day() }} as on_date,
        case
            when not days.is_evaluable then 'not_evaluable'
            when results.status is not null then results.status
            when not_judged.control_id is not null then 'not_evaluable'
            else 'not_applicable'
        end as status,
        case
            when not days.is_evaluable then days.status_reason
            when results.status is not null then results.reason
            when not_judged.control_id is not null then not_judged.reason
            else 'nothing to test on this day'
        end as reason,
        results.note,
        results.population,
        results.exposure,
        results.exceptions,
        results.waived_exceptions,
        results.exception_ratio,
        results.tolerance_ratio,
        results.is_within_tolerance
    from entities
    inner join library on library.entity_kinds in (entities.entity_kind, 'both')
    inner join days on library.control_id = days.control_id
    left join results
        on
            library.control_id = results.control_id
            and entities.entity_kind = results.entity_kind and entities.entity_id = results.entity_id
    left join not_judged
        on
            library.control_id = not_judged.control_id
            and entities.entity_kind = not_judged.entity_kind and entities.entity_id = not_judged.entity_id
)

select * from final
