{{ config(materialized='table') }}

with

library as (
    select * from {{ ref('control_library') }}
),

today as (
    select * from {{ ref('mart_control_status') }}
),

-- The day before on which the control could be evaluated. After a gap that is not yesterday, and the row says so.
previous_days as (
    select control_id, max(on_date) as previous_on
    from {{ ref('fct_control_days') }}
    where is_evaluable and on_date < {{ last_day() }}
    group by control_id
),

failed_before as (
    select results.*
    from {{ ref('fct_control_results') }} as results
    inner join previous_days on results.control_id = previous_days.control_id and results.on_date = previous_days.previous_on
    where results.status = 'fail' and results.on_date < {{ last_day() }}
),

onsets as (
    select control_id, entity_kind, entity_id, count(*) as new_exceptions
    from {{ ref('fct_failures') }}
    where failed_on = {{ last_day() }} and origin = 'control' and not is_waived
    group by control_id, entity_kind, entity_id
),

pairs as (
    select control_id, entity_kind, entity_id from today where status = 'fail'
    union
    select control_id, entity_kind, entity_id from failed_before
),

-- Who is in no list any more has no status; whether the control looked today still counts.
found as (
    select
        pairs.*,
        previous_days.previous_on,
        library.item_kind,
        failed_before.exceptions as previous_exceptions,
        coalesce(today.status, if(days.is_evaluable, 'not_applicable', if(days.has_error, 'error', 'not_evaluable'))) as status,
        if(today.control_id is null and not days.is_evaluable, days.status_reason, today.reason) as reason,
        today.exceptions,
        today.unjudged_items
    from pairs
    inner join library using (control_id)
    inner join {{ ref('fct_control_days') }} as days on pairs.control_id = days.control_id and days.on_date = {{ last_day() }}
    left join previous_days on pairs.control_id = previous_days.control_id
    left join failed_before using (control_id, entity_kind, entity_id)
    left join today using (control_id, entity_kind, entity_id)
),

final as (
    select
        found.control_id,
        found.entity_kind,
        found.entity_id,
        {{ last_day() }} as on_date,
        found.previous_on,
        {{ control_change('found') }} as change,
        found.status,
        found.reason,
        coalesce(found.exceptions, 0) as exceptions,
        coalesce(onsets.new_exceptions, 0) as new_exceptions,
        coalesce(found.previous_exceptions, 0) as previous_exceptions
    from found
    left join onsets using (control_id, entity_kind, entity_id)
)

select * from final
