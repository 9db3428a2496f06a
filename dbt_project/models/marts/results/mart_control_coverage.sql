{{ config(materialized='table') }}

with

days as (
    select * from {{ ref('fct_control_days') }} where on_date = {{ last_day() }}
),

process_days as (
    select * from {{ ref('int_controls__process_days') }} where on_date <= {{ last_day() }}
),

feeds_of as (
    {{ feeds_of_controls(ref('control_library')) }}
),

today as (
    select * from process_days where on_date = {{ last_day() }}
),

last_looks as (
    select control_id, process_id, max(on_date) as last_looked_on
    from process_days
    group by control_id, process_id
),

-- With the processes that a control looked at although no list names them, such as the last one of somebody who left.
processes as (
    select process_id from {{ ref('int_entities__process_day') }} where on_date = {{ last_day() }}
    union
    select process_id from today
),

covered as (
    select
        days.control_id,
        processes.process_id,
        case
            when not days.is_evaluable then 'not_evaluable'
            when today.judged_items > 0 then 'tested'
            when today.unjudged_items > 0 then 'not_evaluable'
            when last_looks.last_looked_on is not null then 'nothing_to_test'
            else 'never_in_scope'
        end as coverage,
        nullif(concat_ws(
            '; ', days.status_reason, nullif(today.unjudged_items, 0) || ' not judged: ' || coalesce(today.reason, 'unknown')
        ), '') as reason,
        coalesce(today.judged_items, 0) as judged_items,
        coalesce(today.unjudged_items, 0) as unjudged_items,
        last_looks.last_looked_on
    from processes
    cross join days
    left join today using (control_id, process_id)
    left join last_looks using (control_id, process_id)
),

final as (
    select
        covered.control_id,
        covered.process_id,
        feeds_of.feed,
        {{ last_day() }} as on_date,
        feeds_of.is_needed,
        coalesce(feeds.status, 'unknown') as feed_status,
        feeds.last_known_on as feed_last_known_on,
        covered.coverage,
        covered.reason,
        covered.judged_items,
        covered.unjudged_items,
        covered.last_looked_on
    from covered
    inner join feeds_of on covered.control_id = feeds_of.control_id
    left join {{ ref('int_feeds__status') }} as feeds on feeds_of.feed = feeds.feed and feeds.on_date = {{ last_day() }}
)

select * from final
