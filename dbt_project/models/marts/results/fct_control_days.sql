{{ config(
    materialized='daily_rows',
    pre_hook="{{ delete_new_days('on_date') }}",
) }}

with

days as (
    select * from {{ ref('int_controls__days') }}
),

looked_at as (
    select control_id, entity_kind, on_date, population as tested_items, 0 as unjudged_items
    from {{ ref('fct_control_results') }}
    where {{ is_run_day('on_date') }}
    union all
    select control_id, entity_kind, on_date, 0 as tested_items, items as unjudged_items
    from {{ ref('int_controls__unjudged') }}
),

sides as (
    select
        control_id,
        on_date,
        sum(tested_items) as tested_items,
        sum(unjudged_items) as unjudged_items
    from looked_at
    group by control_id, entity_kind, on_date
),

-- A control for both kinds of entity has the same items twice; the larger side counts.
tested as (
    select
        control_id,
        on_date,
        max(tested_items) as tested_items,
        max(unjudged_items) as unjudged_items
    from sides
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
        days.has_error,
        days.status_reason,
        cast(coalesce(min(tested.tested_items), 0) as bigint) as tested_items,
        cast(coalesce(min(tested.unjudged_items), 0) as bigint) as unjudged_items,
        cast(coalesce(sum(scope.entities), 0) as bigint) as entities_in_scope
    from days
    left join tested on days.control_id = tested.control_id and days.on_date = tested.on_date
    left join scope on days.on_date = scope.on_date and days.entity_kinds in (scope.entity_kind, 'both')
    group by days.control_id, days.on_date, days.is_evaluable, days.has_error, days.status_reason
)

select * from final
