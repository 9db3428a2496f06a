with

control as (
    {{ control_row('SEC-04') }}
),

habits as (
    select * from {{ ref('int_controls__log_habits') }}
),

log_begins as (
    select min(known_on) as log_begins_on from {{ ref('int_controls__log_counts') }}
),

systems as (
    select
        system_id,
        min(valid_from) as listed_from
    from {{ ref('int_access__system_history') }}
    group by system_id
),

logs as (
    select * from habits
    union all by name
    -- A system that is listed, and of which no log was ever seen.
    select
        days.log_on,
        days.known_on,
        days.tested_on,
        'any log' as feed,
        systems.system_id,
        0 as events,
        0 as usual_days,
        greatest(systems.listed_from, log_begins.log_begins_on) as last_event_on
    from {{ ref('int_controls__log_days') }} as days
    cross join log_begins
    inner join systems on days.known_on >= systems.listed_from
    anti join habits on systems.system_id = habits.system_id and days.log_on = habits.log_on
),

compared as (
    select
        logs.*,
        control.limit_days,
        coalesce(deliveries.is_delivered, logs.feed = 'any log') as is_delivered,
        logs.usual_days >= control.min_population and logs.usual_events >= control.limit_count as has_habit,
        logs.events >= control.limit_ratio * logs.usual_events as is_usual,
        coalesce(logs.log_on - logs.last_event_on >= control.limit_days_other, true) as is_silent
    from logs
    cross join control
    left join {{ ref('int_controls__log_deliveries') }} as deliveries
        on logs.log_on = deliveries.log_on and logs.feed = deliveries.feed
),

final as (
    select
        *,
        -- Where the whole feed is missing no system has fallen silent: that is a matter of the feed's status.
        case
            when has_habit and is_usual then false
            when not is_delivered then null
            when has_habit then true
            when events > 0 then false
            when is_silent then true
        end as is_gap,
        case
            when has_habit and is_usual then null
            when not is_delivered then 'nothing of ' || feed || ' was delivered for the day'
            when has_habit then events || ' events, ' || cast(usual_events as integer) || ' are usual'
            when events > 0 then 'too few events before to tell a part of a gap'
            when feed = 'any log' then 'no event was ever seen'
            when last_event_on is null then 'no event for ' || limit_days || ' days or longer'
            else 'no event since ' || last_event_on
        end as gap_reason
    from compared
)

select * from final
