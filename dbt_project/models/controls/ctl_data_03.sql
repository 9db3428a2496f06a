with

agents as (
    select * from {{ ref('int_entities__agent_day') }} where {{ is_run_day('on_date') }}
),

roles as (
    select
        job_role,
        bool_or(lower(entitlement) like '%unmask') as may_unmask
    from {{ ref('role_profiles') }}
    group by job_role
),

reveals as (
    select * from {{ ref('int_controls__reveals') }}
),

judged_reveals as (
    select
        reveals.*,
        agents.process_id,
        agents.job_role,
        roles.may_unmask,
        not reveals.has_right or coalesce(not roles.may_unmask, false) as is_unauthorised
    from reveals
    left join agents on reveals.agent_id = agents.agent_id and reveals.tested_on = agents.on_date
    left join roles on agents.job_role = roles.job_role
),

agent_days as (
    select
        agent_id,
        process_id,
        occurred_on,
        tested_on,
        max(known_on) as known_on,
        count(*) as events,
        count(*) filter (not has_right) as without_right,
        count(*) filter (is_unauthorised) as unauthorised,
        count(*) filter (not is_unauthorised and not has_ticket) as without_ticket,
        count(*) filter (not is_unauthorised and has_ticket is null) as ticket_unknown,
        min('no role profile for job role ' || coalesce(job_role, 'unknown')) filter (may_unmask is null) as remark
    from judged_reveals
    group by agent_id, process_id, occurred_on, tested_on
),

judged as (
    select
        agent_id,
        process_id,
        agent_id || '|' || occurred_on as item_key,
        tested_on,
        cast(occurred_on as timestamp) as occurred_at,
        cast(known_on as timestamp) as known_at,
        events as exposure,
        unauthorised > 0 as is_barred,
        case
            when unauthorised > 0 or without_ticket > 0 then true
            when ticket_unknown = 0 then false
        end as is_exception,
        case
            when without_right > 0 then without_right || ' reveals without the right to unmask'
            when unauthorised > 0 then unauthorised || ' reveals by a job role that may not unmask'
            when without_ticket > 0 then without_ticket || ' of ' || events || ' reveals without a ticket'
            when ticket_unknown > 0 then 'tickets are not recorded, or those of the day not known yet'
            else remark
        end as reason,
        'data_access_events|' || agent_id || '|' || occurred_on as evidence
    from agent_days
),

final as (
    {{ control_items('DATA-03', 'judged', zero_tolerance='items.is_barred') }}
)

select * from final
