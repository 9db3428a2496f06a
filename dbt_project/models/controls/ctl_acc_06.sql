with

agents as (
    select * from {{ ref('int_entities__agent_day') }} where {{ is_run_day('on_date') }}
),

agent_days as (
    select
        agent_id,
        occurred_on,
        tested_on,
        max(known_on) as known_on,
        sum(logons) as logons,
        sum(logons_with_device) as logons_with_device,
        sum(logons_owner_away) as logons_owner_away,
        sum(logons_overlapping) as logons_overlapping,
        min(devices) as devices
    from {{ ref('int_controls__logon_days') }}
    where kind != 'shared'
    group by all
),

personal as (
    select
        agent_days.*,
        agents.process_id,
        agent_days.agent_id || '|' || agent_days.occurred_on as item_key,
        case
            when agent_days.logons_owner_away + agent_days.logons_overlapping > 0 then true
            -- Log-ins whose device is unknown are left out; where none is left, the day cannot be judged.
            when agent_days.logons_with_device > 0 then false
        end as is_exception,
        case
            when agent_days.logons_overlapping > 0 then 'overlapping log-ins from devices ' || agent_days.devices
            when agent_days.logons_owner_away > 0
                then agent_days.logons_owner_away || ' log-ins while the holder was on leave or absent'
            when agent_days.logons_with_device < agent_days.logons then 'log-ins from unknown devices left out'
        end as reason,
        if(agent_days.logons_with_device > 0, agent_days.logons_with_device, agent_days.logons) as exposure,
        agent_days.agent_id as evidence_key
    from agent_days
    left join agents on agent_days.agent_id = agents.agent_id and agent_days.tested_on = agents.on_date
),

shared as (
    select
        *,
        account_id || '|' || occurred_on as item_key,
        true as is_exception,
        logons || ' log-ins with shared account ' || account_id as reason,
        logons as exposure,
        account_id as evidence_key
    from {{ ref('int_controls__shared_logons') }}
),

items as (
    select * from personal
    union all by name
    select * from shared
),

judged as (
    select
        *,
        cast(occurred_on as timestamp) as occurred_at,
        cast(known_on as timestamp) as known_at,
        'auth_events|' || evidence_key || '|' || occurred_on as evidence
    from items
),

final as (
    {{ control_items('ACC-06', 'judged') }}
)

select * from final
