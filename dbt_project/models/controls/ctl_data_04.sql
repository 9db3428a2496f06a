with

agents as (
    select * from {{ ref('int_entities__agent_day') }} where {{ is_run_day('on_date') }}
),

-- Leave and absence are part of a roster, so time outside every shift of a rostered week is time off.
rostered_weeks as (
    {{ rostered_weeks() }}
),

leave_days as (
    select * from {{ ref('int_controls__leave_days') }}
),

activity as (
    select agent_id, occurred_on, known_on, logins as events, logins_off_shift as events_off_shift
    from {{ ref('int_access__auth_agent_day') }}
    where {{ is_tested_now('known_on') }}
    union all
    select agent_id, occurred_on, known_on, events, events_off_shift
    from {{ ref('int_access__data_agent_day') }}
    where {{ is_tested_now('known_on') }}
),

agent_days as (
    select
        agent_id,
        occurred_on,
        {{ tested_on('known_on') }} as tested_on,
        max(known_on) as known_on,
        sum(events) as events,
        sum(events_off_shift) as events_off_shift
    from activity
    group by all
    having sum(events) > 0
),

judged as (
    select
        agent_days.agent_id,
        agents.process_id,
        agent_days.agent_id || '|' || agent_days.occurred_on as item_key,
        agent_days.tested_on,
        cast(agent_days.occurred_on as timestamp) as occurred_at,
        cast(agent_days.known_on as timestamp) as known_at,
        agent_days.events as exposure,
        case when rostered_weeks.first_known_on is not null then agent_days.events_off_shift > 0 end as is_exception,
        case
            when rostered_weeks.first_known_on is null then 'no roster for the week'
            when agent_days.events_off_shift > 0 then agent_days.events_off_shift || ' accesses outside the shift'
        end as reason,
        agents.is_on_leave or leave_days.agent_id is not null as is_on_leave,
        'auth_events,data_access_events|' || agent_days.agent_id || '|' || agent_days.occurred_on as evidence
    from agent_days
    left join agents on agent_days.agent_id = agents.agent_id and agent_days.tested_on = agents.on_date
    left join rostered_weeks
        on
            agent_days.agent_id = rostered_weeks.agent_id
            and date_trunc('week', agent_days.occurred_on) = rostered_weeks.week_on
            and agent_days.tested_on >= rostered_weeks.first_known_on
    left join leave_days
        on
            agent_days.agent_id = leave_days.agent_id
            and agent_days.occurred_on = leave_days.occurred_on
            and agent_days.tested_on = leave_days.tested_on
),

final as (
    {{ control_items('DATA-04', 'judged', zero_tolerance='items.is_on_leave') }}
)

select * from final
