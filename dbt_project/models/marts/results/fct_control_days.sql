{{ config(
    materialized='incremental',
    incremental_strategy='append',
    pre_hook="{{ delete_new_days('on_date') }}",
    on_schema_change='fail',
) }}

with

days as (
    select * from {{ ref('int_controls__days') }}
),

-- A control for both kinds of entity has the same items twice; the larger side counts.
results as (
    select
        control_id,
        entity_kind,
        on_date,
        sum(population) as tested_items
    from {{ ref('fct_control_results') }}
    where {{ is_run_day('on_date') }}
    group by control_id, entity_kind, on_date
),

tested as (
    select
        control_id,
        on_date,
        max(tested_items) as tested_items
    from results
    group by control_id, on_date
),

scope as (
    select on_date, 'agent' as entity_kind, count(*) as entities
    from {{ ref('int_entities__agent_day') }}
    where {{ is_run_day('on_date') }}
    group by on_date
    union all
    select on_date, 'process' as entity_kind, count(*) as entities
    from {{ ref('int_entities__process_day') }}
    where {{ is_run_day('on_date') }}
    group by on_date
),

final as (
    select
        days.control_id,
        days.on_date,
        days.is_evaluable,
        days.status_reason,
        cast(coalesce(min(tested.tested_items), 0) as bigint) as tested_items,
        cast(coalesce(sum(scope.entities), 0) as bigint) as entities_in_scope
    from days
    left join tested on days.control_id = tested.control_id and days.on_date = tested.on_date
    left join scope on days.on_date = scope.on_date and days.entity_kinds in (scope.entity_kind, 'both')
    group by days.control_id, days.on_date, days.is_evaluable, days.status_reason
)

select * from final
