-- The three feature tables themselves, in the columns of the marts.

-- The day or the week against the usual one of those of the last eight weeks that had any activity.
create macro against_usual(value, total, parts) as ln(1 + coalesce(value, 0)) - ln(1 + total / nullif(parts, 0));

create table ftr_agent as
with rates_of as (
    pivot (select as_of_on, entity_id, measure, ratio from rates where entity_kind = 'agent')
    on measure in ('breached', 'reopened', 'without_evidence', 'without_mfa')
    using max(ratio)
    group by as_of_on, entity_id
),

still_open as (
    select
        as_of_on,
        agent_id,
        sum(tickets_overdue) as tickets_overdue,
        sum(tickets_due_7d) as tickets_due_7d,
        max(oldest_ticket_days) as oldest_ticket_days,
    from open_tickets
    group by all
)

select
    agents.as_of_on,
    agents.agent_id,
    columns(* exclude (as_of_on, agent_id))::double,
from (
    select
        agents.as_of_on,
        agents.agent_id,
        agents.tenure_days,
        agents.is_on_notice,
        agents.employment_type = 'contractor' as is_contractor,
        agents.as_of_on - agents.assigned_from as days_since_process_change,
        agents.has_regulated_process,
        coalesce(accounts_held, 0) as accounts_held,
        coalesce(accounts_without_mfa, 0) as accounts_without_mfa,
        coalesce(access.entitlements_held, 0) as entitlements_held,
        coalesce(privileged_entitlements, 0) as privileged_entitlements,
        coalesce(earlier_process_entitlements, 0) as earlier_process_entitlements,
        ln(1 + coalesce(access.entitlements_held, 0)) - ln(1 + peers.entitlements_held) as entitlements_peer_deviation,
        days_since_last_login_max,
        coalesce(logins.logins_28d, 0) as logins_28d,
        coalesce(logins.logins_mfa_known_28d, 0) as logins_mfa_known_28d,
        coalesce(logins.logins_without_mfa_28d, 0) as logins_without_mfa_28d,
        coalesce(logins.logins_unmanaged_device_28d, 0) as logins_unmanaged_device_28d,
        rates_of.without_mfa as logins_without_mfa_ratio_28d,
        logins.logins_28d / logins.login_days_28d / nullif(logins.logins_90d / logins.login_days_90d, 0) as logins_trend_28d,
        logins.failed_logins_28d / nullif(logins.failed_logins_28d + logins.logins_28d, 0) as failed_login_ratio_28d,
        coalesce(logins.failed_logins_7d, 0) as failed_logins_7d,
        coalesce(logins.logins_off_shift_28d, 0) as logins_off_shift_28d,
        ln(1 + coalesce(logins.logins_off_shift_28d, 0)) - ln(1 + peers.logins_off_shift) as logins_off_shift_peer_deviation_28d,
        coalesce(data_use.data_events_28d, 0) as data_events_28d,
        coalesce(data_use.records_viewed_28d, 0) as records_viewed_28d,
        coalesce(data_use.records_exported_28d, 0) as records_exported_28d,
        coalesce(data_use.reveals_28d, 0) as reveals_28d,
        coalesce(data_use.records_exported_1d, 0) as records_exported_1d,
        ln(1 + coalesce(data_use.records_viewed_28d, 0)) - ln(1 + peers.records_viewed) as records_viewed_peer_deviation_28d,
        ln(1 + coalesce(data_use.records_exported_28d, 0)) - ln(1 + peers.records_exported) as records_exported_peer_deviation_28d,
        data_use.records_viewed_7d / data_use.data_days_7d / nullif(data_use.records_viewed_28d / data_use.data_days_28d, 0) as records_viewed_trend_7d,
        coalesce(data_use.events_off_shift_28d, 0) as events_off_shift_28d,
        data_use.events_without_ticket_28d / data_use.data_events_28d as events_without_ticket_ratio_28d,
        rates_of.breached as breached_ratio_28d,
        rates_of.reopened as reopened_ratio_28d,
        rates_of.without_evidence as without_evidence_ratio_28d,
        coalesce(work.finished_28d, 0) as tickets_finished_28d,
        coalesce(work.backlog_open, 0) as backlog_open,
        coalesce(still_open.tickets_due_7d, 0) as tickets_due_7d,
        coalesce(still_open.tickets_overdue, 0) as tickets_overdue,
        coalesce(still_open.oldest_ticket_days, 0) as oldest_ticket_days,
        ln(1 + coalesce(work.finished_28d, 0)) - ln(1 + peers.finished) as tickets_finished_peer_deviation_28d,
        ln(1 + coalesce(work.backlog_open, 0)) - ln(1 + peers.backlog_open) as backlog_peer_deviation,
        coalesce(overtime.overtime_minutes_7d, 0) as overtime_minutes_7d,
        coalesce(overtime.overtime_minutes_28d, 0) as overtime_minutes_28d,
        ln(1 + coalesce(overtime.overtime_minutes_28d, 0)) - ln(1 + peers.overtime_minutes) as overtime_peer_deviation_28d,
        against_usual(logins.failed_logins_7d, logins.failed_logins_56d, logins.login_weeks_56d) as failed_logins_own_deviation_7d,
        against_usual(logins.logins_without_mfa_7d, logins.logins_without_mfa_56d, logins.login_weeks_56d) as logins_without_mfa_own_deviation_7d,
        against_usual(logins.logins_off_shift_7d, logins.logins_off_shift_56d, logins.login_weeks_56d) as logins_off_shift_own_deviation_7d,
        against_usual(data_use.records_viewed_1d, data_use.records_viewed_56d, data_use.data_days_56d) as records_viewed_own_deviation_1d,
        against_usual(data_use.records_exported_1d, data_use.records_exported_56d, data_use.data_days_56d) as records_exported_own_deviation_1d,
        against_usual(data_use.records_viewed_7d, data_use.records_viewed_56d, data_use.data_weeks_56d) as records_viewed_own_deviation_7d,
        against_usual(data_use.records_exported_7d, data_use.records_exported_56d, data_use.data_weeks_56d) as records_exported_own_deviation_7d,
        against_usual(data_use.reveals_7d, data_use.reveals_56d, data_use.data_weeks_56d) as reveals_own_deviation_7d,
        against_usual(work.backlog_open, work.backlog_open_56d, work.ticket_days_56d) as backlog_own_deviation_1d,
        against_usual(work.finished_7d, work.finished_56d, work.ticket_weeks_56d) as tickets_finished_own_deviation_7d,
        against_usual(overtime.overtime_minutes_7d, overtime.overtime_minutes_56d, overtime.shift_weeks_56d) as overtime_own_deviation_7d,
        coalesce(trainings_overdue, 0) as trainings_overdue,
        coalesce(courses_missing, 0) as courses_missing,
        days_until_training_due,
        coalesce(failed.exceptions_28d, 0) as entity_exceptions_28d,
        coalesce(failed.exceptions_90d, 0) as entity_exceptions_90d,
        failed.days_since_any_failure,
        people.headcount as process_headcount,
        people.headcount_change_28d as process_headcount_change_28d,
        people.vacancy_ratio_90d as process_vacancy_ratio_90d,
        coalesce(sums.overtime_minutes_28d / sums.people, 0) as process_overtime_per_head_28d,
        coalesce(sums.exceptions_28d, 0) / sums.people as process_exceptions_per_head_28d,
        people.new_staff_ratio as process_new_staff_ratio,
    from agents
    left join access using (as_of_on, agent_id)
    left join login_windows as logins using (as_of_on, agent_id)
    left join data_windows as data_use using (as_of_on, agent_id)
    left join agent_work as work using (as_of_on, agent_id)
    left join still_open using (as_of_on, agent_id)
    left join missing_courses using (as_of_on, agent_id)
    left join overtime_windows as overtime using (as_of_on, agent_id)
    left join open_trainings using (as_of_on, agent_id)
    left join rates_of on rates_of.as_of_on = agents.as_of_on and rates_of.entity_id = agents.agent_id
    left join peer_medians as peers
        on
            peers.as_of_on = agents.as_of_on
            and peers.process_id = agents.process_id
            and peers.job_role is not distinct from agents.job_role
    left join entity_failures as failed
        on failed.as_of_on = agents.as_of_on and failed.entity_kind = 'agent' and failed.entity_id = agents.agent_id
    left join process_people as people on people.as_of_on = agents.as_of_on and people.process_id = agents.process_id
    left join people_sums as sums on sums.as_of_on = agents.as_of_on and sums.process_id = agents.process_id
) as agents;

create table ftr_process as
with rates_of as (
    pivot (select as_of_on, entity_id, measure, ratio from rates where entity_kind = 'process')
    on measure in ('breached', 'reopened', 'without_evidence', 'without_mfa')
    using max(ratio)
    group by as_of_on, entity_id
),

backlog_of as (
    select on_date, process_id, sum(backlog_open) as backlog_open from backlogs group by all
),

still_open as (
    select
        as_of_on,
        process_id,
        sum(tickets_overdue) as tickets_overdue,
        sum(tickets_due_7d) as tickets_due_7d,
        max(oldest_ticket_days) as oldest_ticket_days,
    from open_tickets
    group by all
),

changes as (
    select dates.as_of_on, process_id, count(*) as closed, count(*) filter (change_type = 'emergency') as emergencies
    from dates
    inner join closed_changes on known_on between dates.as_of_on - 89 and dates.as_of_on
    group by all
)

select
    processes.as_of_on,
    processes.process_id,
    columns(* exclude (as_of_on, process_id))::double,
from (
    select
        people.as_of_on,
        people.process_id,
        people.headcount,
        people.headcount_change_28d,
        people.vacancy_ratio_90d,
        people.turnover_28d,
        people.turnover_90d,
        people.new_staff_ratio,
        people.senior_staff_ratio,
        people.moved_in_ratio_28d,
        people.median_tenure_days,
        people.notice_ratio,
        people.contractor_ratio,
        people.criticality_level,
        people.regulated is not null as is_regulated,
        coalesce(sums.overtime_minutes_7d / sums.people, 0) as overtime_per_head_7d,
        coalesce(sums.overtime_minutes_28d / sums.people, 0) as overtime_per_head_28d,
        4 * coalesce(sums.overtime_minutes_7d, 0) / nullif(sums.overtime_minutes_28d, 0) as overtime_trend_7d,
        against_usual(sums.overtime_minutes_7d, sums.overtime_minutes_56d, sums.shift_weeks_56d) as overtime_own_deviation_7d,
        coalesce(work.backlog_open, 0) as backlog_open,
        coalesce(work.backlog_open / nullif(people.headcount, 0), 0) as backlog_per_head,
        (coalesce(work.backlog_open, 0) - before.backlog_open) / before.backlog_open as backlog_change_28d,
        against_usual(work.backlog_open, work.backlog_open_56d, work.ticket_days_56d) as backlog_own_deviation_1d,
        coalesce(still_open.tickets_due_7d / nullif(people.headcount, 0), 0) as tickets_due_per_head_7d,
        coalesce(still_open.tickets_overdue / nullif(people.headcount, 0), 0) as tickets_overdue_per_head,
        coalesce(still_open.oldest_ticket_days, 0) as oldest_ticket_days,
        against_usual(work.opened_7d, work.opened_56d, work.ticket_weeks_56d) as tickets_opened_own_deviation_7d,
        coalesce(work.finished_28d, 0) as tickets_finished_28d,
        work.breached_7d / nullif(work.finished_7d, 0) as breached_ratio_7d,
        rates_of.breached as breached_ratio_28d,
        against_usual(work.breached_7d, work.breached_56d, work.ticket_weeks_56d) as tickets_breached_own_deviation_7d,
        rates_of.reopened as reopened_ratio_28d,
        rates_of.without_evidence as without_evidence_ratio_28d,
        work.reassigned_28d / nullif(work.finished_28d, 0) as reassigned_ratio_28d,
        coalesce(changes.closed, 0) as changes_closed_90d,
        changes.emergencies / changes.closed as emergency_ratio_90d,
        coalesce(sums.logins_28d, 0) as logins_28d,
        coalesce(sums.logins_mfa_known_28d, 0) as logins_mfa_known_28d,
        rates_of.without_mfa as logins_without_mfa_ratio_28d,
        sums.logins_off_shift_28d / nullif(sums.logins_28d, 0) as logins_off_shift_ratio_28d,
        sums.logins_unmanaged_device_28d / nullif(sums.logins_28d, 0) as logins_unmanaged_device_ratio_28d,
        coalesce(sums.records_exported_28d / sums.people, 0) as records_exported_per_head_28d,
        against_usual(sums.records_exported_7d, sums.records_exported_56d, sums.data_weeks_56d) as records_exported_own_deviation_7d,
        coalesce(sums.reveals_28d / sums.people, 0) as reveals_per_head_28d,
        coalesce(sums.data_events_28d, 0) as data_events_28d,
        sums.events_without_ticket_28d / nullif(sums.data_events_28d, 0) as events_without_ticket_ratio_28d,
        coalesce(people.privileged_entitlements_per_head, 0) as privileged_entitlements_per_head,
        coalesce(people.earlier_process_entitlements_per_head, 0) as earlier_process_entitlements_per_head,
        coalesce(people.accounts_without_mfa_per_head, 0) as accounts_without_mfa_per_head,
        coalesce(people.trainings_overdue_per_head, 0) as trainings_overdue_per_head,
        coalesce(people.overdue_training_ratio, 0) as overdue_training_ratio,
        people.staff_with_limits_ahead_ratio,
        coalesce(failed.exceptions_28d, 0) as entity_exceptions_28d,
        coalesce(failed.exceptions_90d, 0) as entity_exceptions_90d,
        failed.days_since_any_failure,
        coalesce(sums.exceptions_28d, 0) / sums.people as staff_exceptions_per_head_28d,
    from process_people as people
    left join people_sums as sums using (as_of_on, process_id)
    left join process_work as work using (as_of_on, process_id)
    left join still_open using (as_of_on, process_id)
    left join changes using (as_of_on, process_id)
    left join backlog_of as before on before.on_date = people.as_of_on - 28 and before.process_id = people.process_id
    left join rates_of on rates_of.as_of_on = people.as_of_on and rates_of.entity_id = people.process_id
    left join entity_failures as failed
        on failed.as_of_on = people.as_of_on and failed.entity_kind = 'process' and failed.entity_id = people.process_id
) as processes;

create table ftr_pair as
select
    pairs.as_of_on,
    pairs.entity_kind,
    pairs.entity_id,
    pairs.control_id,
    columns(* exclude (as_of_on, entity_kind, entity_id, control_id))::double,
from (
    select
        pairs.*,
        coalesce(pair_failures.exceptions_7d, 0) as exceptions_7d,
        coalesce(pair_failures.exceptions_28d, 0) as exceptions_28d,
        coalesce(pair_failures.exceptions_90d, 0) as exceptions_90d,
        days_since_last_failure,
        coalesce(pair_failures.exceptions_28d, 0) / nullif(exposure_28d, 0) as exception_ratio_28d,
        coalesce(in_area.exceptions_90d, 0) - coalesce(pair_failures.exceptions_90d, 0) as area_exceptions_90d,
        1 - pow(1 - rates.ratio, 30) as pair_rate_shrunk,
        rates.trials as pair_rate_days,
        1 - pow(1 - rates.peer_ratio, 30) as peer_rate_shrunk,
        rates.peer_trials as peer_rate_days,
        base_ratio as control_base_ratio,
        base_pairs as control_base_pairs,
        coalesce(exposure_28d, 0) as exposure_28d,
        4 * coalesce(exposure_7d, 0) / nullif(exposure_28d, 0) as exposure_trend_7d,
        severity_weight,
        item_kind = 'state' as is_state_control,
        days_left as days_until_limit,
        coalesce(days_left <= 30, false) as is_foreseeable,
        coalesce(limits_ahead, 0) as limits_ahead,
    from pairs
    inner join library using (control_id)
    left join pair_failures using (as_of_on, entity_kind, entity_id, control_id)
    left join countdowns using (as_of_on, entity_kind, entity_id, control_id)
    left join base_ratios using (as_of_on, entity_kind, control_id)
    left join (
        select
            dates.as_of_on,
            entity_kind,
            entity_id,
            control_id,
            sum(exposure) as exposure_28d,
            sum(exposure) filter (on_date > dates.as_of_on - 7) as exposure_7d,
        from dates
        inner join exposures on on_date between dates.as_of_on - 27 and dates.as_of_on
        group by all
    ) as exposed using (as_of_on, entity_kind, entity_id, control_id)
    left join (
        select as_of_on, entity_kind, entity_id, library.area, sum(exceptions_90d) as exceptions_90d
        from pair_failures
        inner join library using (control_id)
        group by all
    ) as in_area
        on
            in_area.as_of_on = pairs.as_of_on
            and in_area.entity_kind = pairs.entity_kind
            and in_area.entity_id = pairs.entity_id
            and in_area.area = library.area
    left join rates
        on
            rates.as_of_on = pairs.as_of_on
            and rates.entity_kind = pairs.entity_kind
            and rates.entity_id = pairs.entity_id
            and rates.measure = pairs.control_id
) as pairs;
