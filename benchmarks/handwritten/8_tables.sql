-- The three feature tables themselves, in the columns of the marts.

create table ftr_agent as
with rates_of as (
    pivot (select * exclude (peer_ratio) from rates where entity_kind = 'agent')
    on measure in ('breached', 'reopened', 'without_evidence', 'without_mfa')
    using max(ratio)
    group by as_of_on, entity_id
),

backlog_of as (
    select on_date as as_of_on, agent_id, sum(backlog_open) as backlog_open from backlogs group by all
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
        coalesce(entitlements_held, 0) as entitlements_held,
        coalesce(privileged_entitlements, 0) as privileged_entitlements,
        coalesce(earlier_process_entitlements, 0) as earlier_process_entitlements,
        coalesce(accounts_without_mfa, 0) as accounts_without_mfa,
        days_since_last_login_max,
        coalesce(logins.logins_28d, 0) as logins_28d,
        coalesce(logins.failed_logins_7d, 0) as failed_logins_7d,
        logins.failed_logins_28d / nullif(logins.failed_logins_28d + logins.logins_28d, 0) as failed_login_ratio_28d,
        coalesce(logins.logins_without_mfa_28d, 0) as logins_without_mfa_28d,
        rates_of.without_mfa as logins_without_mfa_ratio_28d,
        coalesce(logins.logins_off_shift_28d, 0) as logins_off_shift_28d,
        ln(1 + coalesce(logins.logins_off_shift_28d, 0)) - ln(1 + peers.logins_off_shift) as logins_off_shift_peer_deviation_28d,
        coalesce(logins.logins_unmanaged_device_28d, 0) as logins_unmanaged_device_28d,
        logins.logins_28d / logins.login_days_28d / nullif(logins.logins_90d / logins.login_days_90d, 0) as logins_trend_28d,
        coalesce(data_use.records_viewed_28d, 0) as records_viewed_28d,
        data_use.records_viewed_7d / data_use.data_days_7d / nullif(data_use.records_viewed_28d / data_use.data_days_28d, 0) as records_viewed_trend_7d,
        ln(1 + coalesce(data_use.records_viewed_28d, 0)) - ln(1 + peers.records_viewed) as records_viewed_peer_deviation_28d,
        coalesce(data_use.records_exported_1d, 0) as records_exported_1d,
        coalesce(data_use.records_exported_28d, 0) as records_exported_28d,
        coalesce(data_use.events_off_shift_28d, 0) as events_off_shift_28d,
        data_use.events_without_ticket_28d / data_use.events_28d as events_without_ticket_ratio_28d,
        coalesce(work.finished_28d, 0) as tickets_finished_28d,
        ln(1 + coalesce(work.finished_28d, 0)) - ln(1 + peers.finished) as tickets_finished_peer_deviation_28d,
        rates_of.breached as breached_ratio_28d,
        rates_of.reopened as reopened_ratio_28d,
        rates_of.without_evidence as without_evidence_ratio_28d,
        coalesce(backlog_open, 0) as backlog_open,
        coalesce(overtime.overtime_minutes_7d, 0) as overtime_minutes_7d,
        coalesce(overtime.overtime_minutes_28d, 0) as overtime_minutes_28d,
        coalesce(trainings_overdue, 0) as trainings_overdue,
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
    left join backlog_of using (as_of_on, agent_id)
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
    pivot (select * exclude (peer_ratio) from rates where entity_kind = 'process')
    on measure in ('breached', 'reopened', 'without_evidence', 'without_mfa')
    using max(ratio)
    group by as_of_on, entity_id
),

backlog_of as (
    select on_date, process_id, sum(backlog_open) as backlog_open from backlogs group by all
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
        people.median_tenure_days,
        people.notice_ratio,
        people.contractor_ratio,
        people.criticality_level,
        people.regulated is not null as is_regulated,
        coalesce(sums.overtime_minutes_7d / sums.people, 0) as overtime_per_head_7d,
        coalesce(sums.overtime_minutes_28d / sums.people, 0) as overtime_per_head_28d,
        4 * coalesce(sums.overtime_minutes_7d, 0) / nullif(sums.overtime_minutes_28d, 0) as overtime_trend_7d,
        coalesce(now.backlog_open, 0) as backlog_open,
        coalesce(now.backlog_open / nullif(people.headcount, 0), 0) as backlog_per_head,
        (coalesce(now.backlog_open, 0) - before.backlog_open) / before.backlog_open as backlog_change_28d,
        coalesce(work.finished_28d, 0) as tickets_finished_28d,
        work.breached_7d / nullif(work.finished_7d, 0) as breached_ratio_7d,
        rates_of.breached as breached_ratio_28d,
        rates_of.reopened as reopened_ratio_28d,
        rates_of.without_evidence as without_evidence_ratio_28d,
        work.reassigned_28d / nullif(work.finished_28d, 0) as reassigned_ratio_28d,
        coalesce(sums.logins_28d, 0) as logins_28d,
        rates_of.without_mfa as logins_without_mfa_ratio_28d,
        sums.logins_off_shift_28d / nullif(sums.logins_28d, 0) as logins_off_shift_ratio_28d,
        coalesce(sums.records_exported_28d / sums.people, 0) as records_exported_per_head_28d,
        sums.events_without_ticket_28d / nullif(sums.events_28d, 0) as events_without_ticket_ratio_28d,
        coalesce(people.privileged_entitlements_per_head, 0) as privileged_entitlements_per_head,
        coalesce(people.earlier_process_entitlements_per_head, 0) as earlier_process_entitlements_per_head,
        coalesce(people.trainings_overdue_per_head, 0) as trainings_overdue_per_head,
        coalesce(failed.exceptions_28d, 0) as entity_exceptions_28d,
        coalesce(failed.exceptions_90d, 0) as entity_exceptions_90d,
        failed.days_since_any_failure,
        coalesce(sums.exceptions_28d, 0) / sums.people as staff_exceptions_per_head_28d,
    from process_people as people
    left join people_sums as sums using (as_of_on, process_id)
    left join process_work as work using (as_of_on, process_id)
    left join backlog_of as now on now.on_date = people.as_of_on and now.process_id = people.process_id
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
        coalesce(exceptions_7d, 0) as exceptions_7d,
        coalesce(exceptions_28d, 0) as exceptions_28d,
        coalesce(exceptions_90d, 0) as exceptions_90d,
        days_since_last_failure,
        coalesce(exceptions_28d, 0) / nullif(exposure_28d, 0) as exception_ratio_28d,
        1 - pow(1 - rates.ratio, 30) as pair_rate_shrunk,
        1 - pow(1 - rates.peer_ratio, 30) as peer_rate_shrunk,
        base_ratio as control_base_ratio,
        coalesce(exposure_28d, 0) as exposure_28d,
        severity_weight,
        item_kind = 'state' as is_state_control,
        days_left as days_until_limit,
        coalesce(days_left <= 30, false) as is_foreseeable,
    from pairs
    inner join library using (control_id)
    left join pair_failures using (as_of_on, entity_kind, entity_id, control_id)
    left join countdowns using (as_of_on, entity_kind, entity_id, control_id)
    left join base_ratios using (as_of_on, entity_kind, control_id)
    left join (
        select dates.as_of_on, entity_kind, entity_id, control_id, sum(exposure) as exposure_28d
        from dates
        inner join exposures on on_date between dates.as_of_on - 27 and dates.as_of_on
        group by all
    ) as exposed using (as_of_on, entity_kind, entity_id, control_id)
    left join rates
        on
            rates.as_of_on = pairs.as_of_on
            and rates.entity_kind = pairs.entity_kind
            and rates.entity_id = pairs.entity_id
            and rates.measure = pairs.control_id
) as pairs;
