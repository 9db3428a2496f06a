-- Limits of accounts and rights of people at work: days until the first day on which the control sees the exception.
with

limits as (
    select * from {{ ref('control_library') }}
),

agents as (
    select * from {{ ref('int_features__agents') }}
),

dormant as (
    select
        uses.as_of_on,
        uses.process_id,
        uses.agent_id,
        limits.control_id,
        limits.limit_days + 1 - uses.days_since_use as days_left
    from {{ ref('int_features__account_use') }} as uses
    inner join limits on limits.control_id = 'ACC-02'
),

rights as (
    select
        agents.*,
        held.entitlement,
        held.client_id as right_client_id,
        held.is_privileged,
        held.approved_until,
        held.granted_at
    from agents
    inner join {{ ref('int_controls__held_rights') }} as held
        on
            agents.agent_id = held.agent_id
            and {{ is_valid('held', 'agents.as_of_on') }}
            and (held.ends_at is null or held.ends_at > {{ day_end_at('agents.as_of_on') }})
),

-- After a move to another process: what is of another client, or not in the profile of the job.
kept as (
    select
        rights.as_of_on,
        rights.process_id,
        rights.agent_id,
        limits.control_id,
        {{ day_reaching(day_end_at('rights.assigned_from') ~ ' + ' ~ hours('limits.limit_hours')) }}
        - rights.as_of_on as days_left
    from rights
    inner join limits on limits.control_id = 'JML-02'
    left join {{ ref('role_profiles') }} as profiles using (job_role, entitlement)
    where
        rights.tenure_days > rights.days_since_process_change
        and {{ local_date('rights.granted_at') }} < rights.assigned_from
        and (
            rights.right_client_id != rights.client_id
            or (
                rights.job_role in (select profiled.job_role from {{ ref('role_profiles') }} as profiled)
                and coalesce(rights.is_privileged and not profiles.is_privileged_allowed, profiles.is_privileged_allowed is null)
            )
        )
)

select * from dormant
union all
select as_of_on, process_id, agent_id, 'ACC-04' as control_id, approved_until + 1 - as_of_on as days_left
from rights
where is_privileged and approved_until is not null
union all
select * from kept
