{{ config(
    materialized='daily_rows',
    pre_hook="{{ delete_run_days('as_of_on') }}",
) }}

select
    agents.as_of_on,
    agents.agent_id,
    agents.tenure_days::double as tenure_days,
    {{ known_value('workers', 'agents.is_on_notice::integer') }} as is_on_notice,
    {{ known_value('workers', "(agents.employment_type = 'contractor')::integer") }} as is_contractor,
    agents.days_since_process_change::double as days_since_process_change,
    {{ known_value('processes', 'agents.has_regulated_process::integer', 90) }} as has_regulated_process,
    {{ known_counts('accounts', 'access', ['accounts_held', 'accounts_without_mfa']) }},
    {{ known_counts('entitlements', 'access', [
        'entitlements_held', 'privileged_entitlements', 'earlier_process_entitlements',
    ]) }},
    {{ known_value('entitlements', 'peers.entitlements_peer_deviation') }} as entitlements_peer_deviation,
    {{ known_value('auth_events', 'access.days_since_last_login_max') }} as days_since_last_login_max,
    {{ known_counts('auth_events', 'logins', [
        'logins_28d', 'logins_mfa_known_28d', 'logins_without_mfa_28d', 'logins_unmanaged_device_28d',
    ]) }},
    {{ known_value('auth_events', 'rates.logins_without_mfa_ratio_28d') }} as logins_without_mfa_ratio_28d,
    {{ known_values('auth_events', 'logins', ['logins_trend_28d', 'failed_login_ratio_28d']) }},
    {{ known_count('auth_events', 'logins.failed_logins_7d', 7) }} as failed_logins_7d,
    {{ known_count('shifts', known_count('auth_events', 'logins.logins_off_shift_28d')) }} as logins_off_shift_28d,
    {{ known_value('shifts', known_value('auth_events', 'peers.logins_off_shift_peer_deviation_28d')) }}
        as logins_off_shift_peer_deviation_28d,
    {{ known_counts('data_access_events', 'data_use', [
        'data_events_28d', 'records_viewed_28d', 'records_exported_28d', 'reveals_28d',
    ]) }},
    {{ known_count('data_access_events', 'data_use.records_exported_1d', 1) }} as records_exported_1d,
    {{ known_values('data_access_events', 'peers', [
        'records_viewed_peer_deviation_28d', 'records_exported_peer_deviation_28d',
    ]) }},
    {{ known_value('data_access_events', 'data_use.records_viewed_trend_7d', 7) }} as records_viewed_trend_7d,
    {{ known_count('shifts', known_count('data_access_events', 'data_use.events_off_shift_28d')) }} as events_off_shift_28d,
    {{ known_value('data_access_events', 'data_use.events_without_ticket_ratio_28d') }} as events_without_ticket_ratio_28d,
    {{ known_values('tickets', 'rates', ['breached_ratio_28d', 'reopened_ratio_28d']) }},
    {{ known_value('evidence', 'rates.without_evidence_ratio_28d') }} as without_evidence_ratio_28d,
    {{ known_counts('tickets', 'work', [
        'tickets_finished_28d', 'backlog_open', 'tickets_due_7d', 'tickets_overdue', 'oldest_ticket_days',
    ]) }},
    {{ known_values('tickets', 'peers', ['tickets_finished_peer_deviation_28d', 'backlog_peer_deviation']) }},
    {{ known_count('shifts', 'work.overtime_minutes_7d', 7) }} as overtime_minutes_7d,
    {{ known_count('shifts', 'work.overtime_minutes_28d') }} as overtime_minutes_28d,
    {{ known_value('shifts', 'peers.overtime_peer_deviation_28d') }} as overtime_peer_deviation_28d,
    baselines.* exclude (as_of_on, agent_id),
    {{ known_counts('trainings', 'trainings', ['trainings_overdue', 'courses_missing']) }},
    {{ known_value('trainings', 'trainings.days_until_training_due') }} as days_until_training_due,
    coalesce(failures.entity_exceptions_28d, 0)::double as entity_exceptions_28d,
    coalesce(failures.entity_exceptions_90d, 0)::double as entity_exceptions_90d,
    failures.days_since_any_failure::double as days_since_any_failure,
    people.headcount::double as process_headcount,
    {{ known_value('workers', 'people.headcount_change_28d') }} as process_headcount_change_28d,
    {{ known_value('workers', 'people.vacancy_ratio_90d') }} as process_vacancy_ratio_90d,
    {{ known_count('shifts', ratio('sums.overtime_minutes_28d', 'sums.people')) }} as process_overtime_per_head_28d,
    {{ ratio('coalesce(sums.staff_exceptions_28d, 0)', 'sums.people') }} as process_exceptions_per_head_28d,
    people.new_staff_ratio::double as process_new_staff_ratio
from {{ ref('int_features__agents') }} as agents
inner join {{ ref('int_features__dates') }} as dates using (as_of_on)
left join {{ ref('int_features__agent_access') }} as access using (as_of_on, agent_id)
left join {{ ref('int_features__agent_logins') }} as logins using (as_of_on, agent_id)
left join {{ ref('int_features__agent_data_use') }} as data_use using (as_of_on, agent_id)
left join {{ ref('int_features__agent_work') }} as work using (as_of_on, agent_id)
left join {{ ref('int_features__agent_trainings') }} as trainings using (as_of_on, agent_id)
left join {{ ref('int_features__agent_peers') }} as peers using (as_of_on, agent_id)
left join {{ ref('int_features__agent_baselines') }} as baselines using (as_of_on, agent_id)
left join {{ ref('int_features__measure_rates') }} as rates
    on agents.as_of_on = rates.as_of_on and agents.agent_id = rates.entity_id and rates.entity_kind = 'agent'
left join {{ ref('int_features__entity_failures') }} as failures
    on agents.as_of_on = failures.as_of_on and agents.agent_id = failures.entity_id and failures.entity_kind = 'agent'
left join {{ ref('int_features__process_people') }} as people
    on agents.as_of_on = people.as_of_on and agents.process_id = people.process_id
left join {{ ref('int_features__process_sums') }} as sums
    on agents.as_of_on = sums.as_of_on and agents.process_id = sums.process_id
