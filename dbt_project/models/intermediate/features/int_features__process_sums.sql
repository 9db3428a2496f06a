-- What the people who are on the process at d did, held and failed, summed: the process's own log-ins and data use.
select
    agents.as_of_on,
    agents.process_id,
    count(*) as people,
    sum(logins.logins_28d) as logins_28d,
    sum(logins.logins_without_mfa_28d) as logins_without_mfa_28d,
    sum(logins.logins_mfa_known_28d) as logins_mfa_known_28d,
    sum(logins.logins_off_shift_28d) as logins_off_shift_28d,
    sum(data_use.events_28d) as events_28d,
    sum(data_use.events_without_ticket_28d) as events_without_ticket_28d,
    sum(data_use.records_exported_28d) as records_exported_28d,
    sum(work.overtime_minutes_7d) as overtime_minutes_7d,
    sum(work.overtime_minutes_28d) as overtime_minutes_28d,
    sum(access.privileged_entitlements) as privileged_entitlements,
    sum(access.earlier_process_entitlements) as earlier_process_entitlements,
    sum(trainings.trainings_overdue) as trainings_overdue,
    sum(failures.entity_exceptions_28d) as staff_exceptions_28d
from {{ ref('int_features__agents') }} as agents
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
