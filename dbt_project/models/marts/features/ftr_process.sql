{{ config(
    materialized='daily_rows',
    pre_hook="{{ delete_run_days('as_of_on') }}",
) }}

select
    people.as_of_on,
    people.process_id,
    people.headcount::double as headcount,
    {{ known_value('workers', 'people.headcount_change_28d') }} as headcount_change_28d,
    {{ known_value('workers', 'people.vacancy_ratio_90d') }} as vacancy_ratio_90d,
    {{ known_value('workers', 'turnover.turnover_28d') }} as turnover_28d,
    {{ known_value('workers', 'turnover.turnover_90d') }} as turnover_90d,
    people.new_staff_ratio::double as new_staff_ratio,
    people.senior_staff_ratio::double as senior_staff_ratio,
    {{ known_value('workers', 'people.moved_in_ratio_28d') }} as moved_in_ratio_28d,
    people.median_tenure_days::double as median_tenure_days,
    {{ known_value('workers', 'people.notice_ratio') }} as notice_ratio,
    {{ known_value('workers', 'people.contractor_ratio') }} as contractor_ratio,
    people.criticality_level::double as criticality_level,
    {{ known_value('processes', 'people.is_regulated', 90) }} as is_regulated,
    {{ known_count('shifts', ratio('sums.overtime_minutes_7d', 'sums.people'), 7) }} as overtime_per_head_7d,
    {{ known_count('shifts', ratio('sums.overtime_minutes_28d', 'sums.people')) }} as overtime_per_head_28d,
    {{ known_value('shifts', ratio('4 * coalesce(sums.overtime_minutes_7d, 0)', 'sums.overtime_minutes_28d'), 7) }}
        as overtime_trend_7d,
    {{ known_value('shifts', 'sums.overtime_own_deviation_7d', 7) }} as overtime_own_deviation_7d,
    {{ known_count('tickets', 'work.backlog_open') }} as backlog_open,
    {{ known_count('tickets', ratio('work.backlog_open', 'people.headcount')) }} as backlog_per_head,
    {{ known_value('tickets', ratio('coalesce(work.backlog_open, 0) - work.backlog_open_before', 'work.backlog_open_before')) }}
        as backlog_change_28d,
    {{ known_value('tickets', 'work.backlog_own_deviation_1d', 1) }} as backlog_own_deviation_1d,
    {{ known_count('tickets', ratio('work.tickets_due_7d', 'people.headcount')) }} as tickets_due_per_head_7d,
    {{ known_count('tickets', ratio('work.tickets_overdue', 'people.headcount')) }} as tickets_overdue_per_head,
    {{ known_count('tickets', 'work.oldest_ticket_days') }} as oldest_ticket_days,
    {{ known_value('tickets', 'work.tickets_opened_own_deviation_7d', 7) }} as tickets_opened_own_deviation_7d,
    {{ known_count('tickets', 'work.tickets_finished_28d') }} as tickets_finished_28d,
    {{ known_value('tickets', ratio('work.tickets_breached_7d', 'work.tickets_finished_7d'), 7) }} as breached_ratio_7d,
    {{ known_value('tickets', 'rates.breached_ratio_28d') }} as breached_ratio_28d,
    {{ known_value('tickets', 'work.tickets_breached_own_deviation_7d', 7) }} as tickets_breached_own_deviation_7d,
    {{ known_value('tickets', 'rates.reopened_ratio_28d') }} as reopened_ratio_28d,
    {{ known_value('evidence', 'rates.without_evidence_ratio_28d') }} as without_evidence_ratio_28d,
    {{ known_value('tickets', ratio('work.tickets_reassigned_28d', 'work.tickets_finished_28d')) }} as reassigned_ratio_28d,
    {{ known_count('tickets', 'work.changes_closed_90d', 90) }} as changes_closed_90d,
    {{ known_value('tickets', ratio('work.emergencies_90d', 'work.changes_closed_90d'), 90) }} as emergency_ratio_90d,
    {{ known_count('auth_events', 'sums.logins_28d') }} as logins_28d,
    {{ known_count('auth_events', 'sums.logins_mfa_known_28d') }} as logins_mfa_known_28d,
    {{ known_value('auth_events', 'rates.logins_without_mfa_ratio_28d') }} as logins_without_mfa_ratio_28d,
    {{ known_value('shifts', known_value('auth_events', ratio('sums.logins_off_shift_28d', 'sums.logins_28d'))) }}
        as logins_off_shift_ratio_28d,
    {{ known_value('auth_events', ratio('sums.logins_unmanaged_device_28d', 'sums.logins_28d')) }}
        as logins_unmanaged_device_ratio_28d,
    {{ known_count('data_access_events', ratio('sums.records_exported_28d', 'sums.people')) }} as records_exported_per_head_28d,
    {{ known_value('data_access_events', 'sums.records_exported_own_deviation_7d', 7) }} as records_exported_own_deviation_7d,
    {{ known_count('data_access_events', ratio('sums.reveals_28d', 'sums.people')) }} as reveals_per_head_28d,
    {{ known_count('data_access_events', 'sums.data_events_28d') }} as data_events_28d,
    {{ known_value('data_access_events', ratio('sums.events_without_ticket_28d', 'sums.data_events_28d')) }}
        as events_without_ticket_ratio_28d,
    {{ known_count('entitlements', ratio('sums.privileged_entitlements', 'sums.people')) }} as privileged_entitlements_per_head,
    {{ known_count('entitlements', ratio('sums.earlier_process_entitlements', 'sums.people')) }}
        as earlier_process_entitlements_per_head,
    {{ known_count('accounts', ratio('sums.accounts_without_mfa', 'sums.people')) }} as accounts_without_mfa_per_head,
    {{ known_count('trainings', ratio('sums.trainings_overdue', 'sums.people')) }} as trainings_overdue_per_head,
    {{ known_count('trainings', ratio('sums.people_with_overdue_training', 'sums.people')) }} as overdue_training_ratio,
    {{ ratio('sums.people_with_limits_ahead', 'sums.people') }} as staff_with_limits_ahead_ratio,
    coalesce(failures.entity_exceptions_28d, 0)::double as entity_exceptions_28d,
    coalesce(failures.entity_exceptions_90d, 0)::double as entity_exceptions_90d,
    failures.days_since_any_failure::double as days_since_any_failure,
    {{ ratio('coalesce(sums.staff_exceptions_28d, 0)', 'sums.people') }} as staff_exceptions_per_head_28d
from {{ ref('int_features__process_people') }} as people
inner join {{ ref('int_features__dates') }} as dates using (as_of_on)
left join {{ ref('int_features__process_turnover') }} as turnover using (as_of_on, process_id)
left join {{ ref('int_features__process_sums') }} as sums using (as_of_on, process_id)
left join {{ ref('int_features__process_work') }} as work using (as_of_on, process_id)
left join {{ ref('int_features__measure_rates') }} as rates
    on people.as_of_on = rates.as_of_on and people.process_id = rates.entity_id and rates.entity_kind = 'process'
left join {{ ref('int_features__entity_failures') }} as failures
    on people.as_of_on = failures.as_of_on and people.process_id = failures.entity_id and failures.entity_kind = 'process'
