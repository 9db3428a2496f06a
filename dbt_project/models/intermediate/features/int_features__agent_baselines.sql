-- The day or the week against the agent's own usual one.
select
    agents.as_of_on,
    agents.agent_id,
    {{ known_values('auth_events', 'logins', ['failed_logins_own_deviation_7d', 'logins_without_mfa_own_deviation_7d'], 7) }},
    {{ known_value('shifts', known_value('auth_events', 'logins.logins_off_shift_own_deviation_7d', 7), 7) }}
        as logins_off_shift_own_deviation_7d,
    {{ known_values('data_access_events', 'data_use', [
        'records_viewed_own_deviation_1d', 'records_exported_own_deviation_1d',
    ], 1) }},
    {{ known_values('data_access_events', 'data_use', [
        'records_viewed_own_deviation_7d', 'records_exported_own_deviation_7d', 'reveals_own_deviation_7d',
    ], 7) }},
    {{ known_value('tickets', 'work.backlog_own_deviation_1d', 1) }} as backlog_own_deviation_1d,
    {{ known_value('tickets', 'work.tickets_finished_own_deviation_7d', 7) }} as tickets_finished_own_deviation_7d,
    {{ known_value('shifts', 'work.overtime_own_deviation_7d', 7) }} as overtime_own_deviation_7d
from {{ ref('int_features__agents') }} as agents
inner join {{ ref('int_features__dates') }} as dates using (as_of_on)
left join {{ ref('int_features__agent_logins') }} as logins using (as_of_on, agent_id)
left join {{ ref('int_features__agent_data_use') }} as data_use using (as_of_on, agent_id)
left join {{ ref('int_features__agent_work') }} as work using (as_of_on, agent_id)
