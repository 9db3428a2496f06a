{{ config(materialized='ephemeral') }}

with

control as (
    {{ control_row('SEC-04') }}
),

counts as (
    select
        counts.*,
        deliveries.superseded_on as visible_to
    from {{ ref('int_controls__log_counts') }} as counts
    left join {{ source('ops', 'deliveries') }} as deliveries on counts.delivery_id = deliveries.delivery_id
    where counts.known_on <= {{ last_day() }} and counts.system_id is not null
),

-- A log that was ever seen stays in scope, however long it has been silent.
logs as (
    select
        days.*,
        logs.feed,
        logs.system_id
    from {{ ref('int_controls__log_days') }} as days
    inner join (
        select feed, system_id, min(known_on) as first_known_on
        from counts
        group by feed, system_id
    ) as logs on days.known_on >= logs.first_known_on
),

-- What each log held of each day of the weeks before, as known when the log day is judged.
seen_days as (
    select
        logs.*,
        counts.occurred_on,
        sum(counts.events) as events
    from logs
    cross join control
    left join counts
        on
            logs.feed = counts.feed
            and logs.system_id = counts.system_id
            and counts.occurred_on between logs.log_on - control.limit_days and logs.log_on
            and {{ is_visible('counts', 'logs.known_on') }}
    group by all
),

-- Days without any event never enter what is usual, so that a gap does not become the habit.
final as (
    select
        log_on,
        known_on,
        tested_on,
        feed,
        system_id,
        coalesce(sum(events) filter (occurred_on = log_on), 0) as events,
        count(*) filter (occurred_on < log_on and (log_on - occurred_on) % 7 = 0) as usual_days,
        median(events) filter (occurred_on < log_on and (log_on - occurred_on) % 7 = 0) as usual_events,
        max(occurred_on) as last_event_on
    from seen_days
    group by log_on, known_on, tested_on, feed, system_id
)

select * from final
