-- What the people who are on the process at d did, held and failed, summed: the process's own log-ins and data use.
with

agents as (
    select * from {{ ref('int_features__agents') }}
),

limits as (
    select
        as_of_on,
        entity_id as agent_id,
        sum(limits_ahead) as limits_ahead
    from {{ ref('int_features__countdowns') }}
    where entity_kind = 'agent'
    group by as_of_on, entity_id
)

select
    agents.as_of_on,
    agents.process_id,
    count(*) as people,
    sum(logins.logins_28d) as logins_28d,
    sum(logins.logins_without_mfa_28d) as logins_without_mfa_28d,
    sum(logins.logins_mfa_known_28d) as logins_mfa_known_28d,
    sum(logins.logins_off_shift_28d) as logins_off_shift_28d,
    sum(logins.logins_unmanaged_device_28d) as logins_unmanaged_device_28d,
    sum(data_use.data_events_28d) as data_events_28d,
    sum(data_use.events_without_ticket_28d) as events_without_ticket_28d,
    sum(data_use.records_exported_28d) as records_exported_28d,
    {{ own_deviation('sum(data_use.records_exported_7d)', 'sum(data_use.records_exported_56d)', 'max(data_use.data_weeks_56d)') }}
        as records_exported_own_deviation_7d,
    sum(data_use.reveals_28d) as reveals_28d,
    sum(work.overtime_minutes_7d) as overtime_minutes_7d,
    sum(work.overtime_minutes_28d) as overtime_minutes_28d,
    {{ own_deviation('sum(work.overtime_minutes_7d)', 'sum(work.overtime_minutes_56d)', 'max(work.shift_weeks_56d)') }}
        as overtime_own_deviation_7d,
    sum(access.privileged_entitlements) as privileged_entitlements,
    sum(access.earlier_process_entitlements) as earlier_process_entitlements,
    sum(access.accounts_without_mfa) as accounts_without_mfa,
    sum(trainings.trainings_overdue) as trainings_overdue,
    count(*) filter (trainings.trainings_overdue > 0) as people_with_overdue_training,
    count(*) filter (limits.limits_ahead > 0) as people_with_limits_ahead,
    sum(failures.entity_exceptions_28d) as staff_exceptions_28d
from agents
left join limits on agents.as_of_on = limits.as_of_on and agents.agent_id = limits.agent_id
left join {{ ref('int_features__agent_logins') }} as logins
    on agents.as_of_on = logins.as_of_on and agents.agent_id = logins.agent_id
left join {{ ref('int_features__agent_data_use') }} as data_use
    on agents.as_of_on = data_use.as_of_on and agents.agent_id = data_use.agent_id
left join {{ ref('int_features__agent_work') }} as work
    on agents.as_of_on = work.as_of_on and agents.agent_id = work.agent_id
left join {{ ref('int_features__agent_access') }} as access
    on agents.as_of_on = access.as_of_on and agents.agent_id = access.agent_id
left join {{ ref('int_features__agent_trainings') }} as trainings
    on agents.as_of_on = trainings.as_of_on and agents.agent_id = trainings.agent_id
left join {{ ref('int_features__entity_failures') }} as failures
    on
        agents.as_of_on = failures.as_of_on
        and failures.entity_kind = 'agent'
        and agents.agent_id = failures.entity_id
group by agents.as_of_on, agents.process_id
