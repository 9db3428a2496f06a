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

unjudged as (
    select * from {{ ref('int_controls__unjudged') }} where on_date = {{ last_day() }}
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
    select entity_kind, entity_id from unjudged
),

final as (
    select
        library.control_id,
        entities.entity_kind,
        entities.entity_id,
        {{ last_day() }} as on_date,
        case
            when days.has_error then 'error'
            when not days.is_evaluable then 'not_evaluable'
            when results.status is not null then results.status
            when unjudged.control_id is not null then 'not_evaluable'
            else 'not_applicable'
        end as status,
        case
            when not days.is_evaluable then days.status_reason
            when results.status is not null then results.reason
            when unjudged.control_id is not null then unjudged.reason
            else 'nothing to test on this day'
        end as reason,
        -- A result says of how many items it does not speak.
        case
            when results.status is null then null
            when unjudged.items > 0
                then concat_ws('; ', results.note, unjudged.items || ' not judged: ' || coalesce(unjudged.reason, 'unknown'))
            else results.note
        end as note,
        results.population,
        results.exposure,
        unjudged.items as unjudged_items,
        results.exceptions,
        results.waived_exceptions,
        results.exception_ratio,
        results.tolerance_ratio,
        results.is_within_tolerance
    from entities
    inner join library on library.entity_kinds in (entities.entity_kind, 'both')
    inner join days using (control_id)
    left join results using (control_id, entity_kind, entity_id)
    left join unjudged using (control_id, entity_kind, entity_id)
)

select * from final
