-- What people hold, owe and are used to, and what the countdowns and base rates of the pairs are.

create temp table held as
with used as (
    select dates.as_of_on, logons.account_id, max(logons.on_date) as last_logon_on
    from dates
    inner join account_logons as logons on logons.on_date between dates.as_of_on - 89 and dates.as_of_on
    group by all
)

select
    accounts.on_date as as_of_on,
    accounts.*,
    accounts.kind = 'personal' and accounts.disabled_at is null as is_counted_down,
    accounts.on_date - coalesce(used.last_logon_on, accounts.created_on) as age,
    case
        when age < 90 then age
        when used.last_logon_on is not null or log.begins_on <= accounts.on_date - 90 then 90
    end as days_since_use,
from agent_accounts as accounts
inner join dates on dates.as_of_on = accounts.on_date
left join used on used.as_of_on = accounts.on_date and used.account_id = accounts.account_id
cross join (select min(on_date) as begins_on from account_logons) as log;

create temp table access as
with rights as (
    select
        held.as_of_on,
        held.agent_id,
        count(*) as entitlements_held,
        count(*) filter (is_privileged) as privileged_entitlements,
        count(*) filter (entitlements.client_id != held.client_id) as earlier_process_entitlements,
    from held
    inner join list_days on list_days.feed = 'entitlements' and list_days.on_date = held.as_of_on
    inner join entitlements on entitlements.snapshot_on = list_days.snapshot_on and entitlements.account_id = held.account_id
    where entitlements.revoked_at is null or entitlements.revoked_at::date > held.as_of_on
    group by all
)

select
    as_of_on,
    agent_id,
    count(*) as accounts_held,
    count(*) filter (not is_mfa_enrolled) as accounts_without_mfa,
    max(days_since_use) filter (is_counted_down) as days_since_last_login_max,
    any_value(entitlements_held) as entitlements_held,
    any_value(privileged_entitlements) as privileged_entitlements,
    any_value(earlier_process_entitlements) as earlier_process_entitlements,
from held
left join rights using (as_of_on, agent_id)
group by all;

create temp table open_trainings as
select
    dates.as_of_on,
    agent_id,
    count(*) filter (due_on < dates.as_of_on) as trainings_overdue,
    min(due_on - dates.as_of_on) filter (due_on >= dates.as_of_on) as days_until_training_due,
from dates
inner join trainings
    on
        trainings.completed_on is null
        and trainings.valid_from <= dates.as_of_on
        and (trainings.valid_to is null or trainings.valid_to > dates.as_of_on)
group by all;

create temp table missing_courses as
select agents.as_of_on, agents.agent_id, count(*) as courses_missing
from agents
inner join (
    select scope as process_id, course_id, min(valid_from) as known_from from trainings where scope != 'awareness' group by all
) as courses on courses.process_id = agents.process_id and courses.known_from <= agents.as_of_on
anti join trainings
    on
        trainings.agent_id = agents.agent_id
        and trainings.scope = agents.process_id
        and trainings.course_id = courses.course_id
        and trainings.completed_on is not null
        and (trainings.expires_on is null or trainings.expires_on > agents.as_of_on)
        and trainings.valid_from <= agents.as_of_on
        and (trainings.valid_to is null or trainings.valid_to > agents.as_of_on)
group by all;

create temp table peer_medians as
select
    as_of_on,
    process_id,
    job_role,
    median(coalesce(logins_off_shift_28d, 0)) as logins_off_shift,
    median(coalesce(records_viewed_28d, 0)) as records_viewed,
    median(coalesce(finished_28d, 0)) as finished,
    median(coalesce(records_exported_28d, 0)) as records_exported,
    median(coalesce(overtime_minutes_28d, 0)) as overtime_minutes,
    median(coalesce(backlog_open, 0)) as backlog_open,
    median(coalesce(entitlements_held, 0)) as entitlements_held,
from agents
left join login_windows using (as_of_on, agent_id)
left join data_windows using (as_of_on, agent_id)
left join agent_work using (as_of_on, agent_id)
left join overtime_windows using (as_of_on, agent_id)
left join access using (as_of_on, agent_id)
group by all
having count(*) >= 3;

create temp table countdowns as
with limits as (
    select
        max(limit_days) filter (control_id = 'ACC-02') as unused_days,
        max(limit_days) filter (control_id = 'HR-02') as training_days,
        max(first_limit_days) filter (control_id = 'HR-02') as first_training_days,
        ceil(max(limit_hours) filter (control_id = 'JML-01') / 24)::integer as leaver_days,
        max(response_hours) filter (control_id = 'INC-01')::integer as response_hours,
        max(unowned_hours) filter (control_id = 'INC-01')::integer as unowned_hours,
    from library
),

agent_countdowns as (
    select as_of_on, agent_id, process_id, 'ACC-02' as control_id, unused_days + 1 - days_since_use as days_left
    from held
    cross join limits
    where is_counted_down
    union all
    select
        agents.as_of_on,
        agents.agent_id,
        agents.process_id,
        'HR-02',
        1 + coalesce(
            max(completed_on) + max(training_days) - agents.as_of_on,
            max(first_training_days) - max(tenure_days)
        ),
    from agents
    left join trainings
        on
            trainings.agent_id = agents.agent_id
            and trainings.scope = 'awareness'
            and trainings.valid_from <= agents.as_of_on
            and (trainings.valid_to is null or trainings.valid_to > agents.as_of_on)
    cross join limits
    group by agents.as_of_on, agents.agent_id, agents.process_id
    union all
    select distinct dates.as_of_on, workers.worker_id, assigned.process_id, 'JML-01', workers.termination_date + limits.leaver_days - dates.as_of_on
    from dates
    inner join list_days on list_days.feed = 'workers' and list_days.on_date = dates.as_of_on
    inner join workers on workers.snapshot_on = list_days.snapshot_on and workers.termination_date is not null
    inner join list_days as account_lists on account_lists.feed = 'accounts' and account_lists.on_date = dates.as_of_on
    inner join accounts
        on
            accounts.snapshot_on = account_lists.snapshot_on
            and accounts.worker_id = workers.worker_id
            and accounts.is_enabled
            and accounts.disabled_at is null
            and accounts.kind in ('personal', 'break_glass')
    left join (
        select
            dates.as_of_on,
            worker_id,
            max_by(process_id, (assigned_from, process_id)) as process_id,
        from dates
        inner join assignments on assignments.snapshot_on <= dates.as_of_on and assignments.assigned_from <= dates.as_of_on
        group by all
    ) as assigned on assigned.as_of_on = dates.as_of_on and assigned.worker_id = workers.worker_id
    cross join limits
    union all
    select dates.as_of_on, null, process_id, 'INC-01', least(
        due_at,
        if(status = 'new' and first_response_at is null, opened_at + to_hours(limits.response_hours), null),
        if(assignee_id is null, updated_at + to_hours(limits.unowned_hours), null)
    )::date - dates.as_of_on
    from dates
    inner join ticket_versions
        on valid_from <= dates.as_of_on and (valid_to is null or valid_to > dates.as_of_on)
    cross join limits
    where kind = 'security_incident' and status in ('new', 'in_progress', 'on_hold') and resolved_at is null
)

select
    as_of_on,
    'agent' as entity_kind,
    agent_id as entity_id,
    control_id,
    min(days_left) as days_left,
    count(*) filter (days_left <= 30) as limits_ahead,
from agent_countdowns
where days_left > 0 and agent_id is not null
group by all
union all
select as_of_on, 'process', process_id, control_id, min(days_left), count(*) filter (days_left <= 30)
from agent_countdowns
where days_left > 0 and process_id is not null
group by all;

create temp table process_people as
with people as (
    select
        as_of_on,
        process_id,
        count(*) as people,
        count(*) filter (tenure_days < 90) / nullif(count(tenure_days), 0) as new_staff_ratio,
        count(*) filter (tenure_days >= 365) / nullif(count(tenure_days), 0) as senior_staff_ratio,
        count(*) filter (agents.as_of_on - assigned_from < 28) / count(*) as moved_in_ratio_28d,
        median(tenure_days) as median_tenure_days,
        count(*) filter (is_on_notice) / count(*) as notice_ratio,
        count(*) filter (employment_type = 'contractor') / count(*) as contractor_ratio,
        sum(privileged_entitlements) / count(*) as privileged_entitlements_per_head,
        sum(earlier_process_entitlements) / count(*) as earlier_process_entitlements_per_head,
        sum(accounts_without_mfa) / count(*) as accounts_without_mfa_per_head,
        sum(trainings_overdue) / count(*) as trainings_overdue_per_head,
        count(*) filter (trainings_overdue > 0) / count(*) as overdue_training_ratio,
        count(*) filter (limits_ahead > 0) / count(*) as staff_with_limits_ahead_ratio,
    from agents
    left join access using (as_of_on, agent_id)
    left join open_trainings using (as_of_on, agent_id)
    left join (
        select as_of_on, entity_id as agent_id, sum(limits_ahead) as limits_ahead
        from countdowns
        where entity_kind = 'agent'
        group by all
    ) using (as_of_on, agent_id)
    group by all
),

earlier as (
    select
        dates.as_of_on,
        process_id,
        max(headcount) filter (on_date = dates.as_of_on - 28) as headcount_before,
        max(headcount) as highest_headcount,
    from dates
    inner join process_days on on_date between dates.as_of_on - 89 and dates.as_of_on
    group by all
),

turnover as (
    select
        dates.as_of_on,
        before.process_id,
        avg((agents.agent_id is null)::integer) filter (dates.as_of_on - before.on_date = 28) as turnover_28d,
        avg((agents.agent_id is null)::integer) filter (dates.as_of_on - before.on_date = 90) as turnover_90d,
    from dates
    inner join agent_days as before on before.on_date in (dates.as_of_on - 28, dates.as_of_on - 90)
    left join agents
        on
            agents.as_of_on = dates.as_of_on
            and agents.agent_id = before.agent_id
            and agents.process_id = before.process_id
    group by all
)

select
    dates.as_of_on,
    process_days.*,
    list_position(['low', 'medium', 'high', 'critical'], criticality) - 1 as criticality_level,
    (headcount - headcount_before) / nullif(headcount_before, 0) as headcount_change_28d,
    1 - headcount / nullif(highest_headcount, 0) as vacancy_ratio_90d,
    people.* exclude (as_of_on, process_id),
    turnover.* exclude (as_of_on, process_id),
from process_days
inner join dates on dates.as_of_on = process_days.on_date
left join people on people.as_of_on = dates.as_of_on and people.process_id = process_days.process_id
left join earlier on earlier.as_of_on = dates.as_of_on and earlier.process_id = process_days.process_id
left join turnover on turnover.as_of_on = dates.as_of_on and turnover.process_id = process_days.process_id;

-- How often a pair failed within 30 days, of the pairs of the last 90 days whose 30 days had passed.
create temp table base_ratios as
with outcomes as (
    select
        pairs.as_of_on,
        pairs.entity_kind,
        pairs.entity_id,
        pairs.control_id,
        count(failures.failed_on) > 0 as has_failed,
    from pairs
    left join failures
        on
            failures.entity_kind = pairs.entity_kind
            and failures.entity_id = pairs.entity_id
            and failures.control_id = pairs.control_id
            and failures.failed_on > pairs.as_of_on
            and failures.failed_on <= pairs.as_of_on + 30
    where pairs.as_of_on + 30 <= getvariable('last_day')
    group by all
),

judged_windows as (
    select dates.as_of_on, control_id, count(*) >= 0.8 * 30 as is_judged
    from dates
    inner join evaluable_days on on_date > dates.as_of_on and on_date <= dates.as_of_on + 30
    group by all
)

select
    dates.as_of_on,
    outcomes.entity_kind,
    outcomes.control_id,
    count(*) filter (outcomes.has_failed) / count(*) as base_ratio,
    count(*) as base_pairs,
from dates
inner join outcomes on outcomes.as_of_on <= dates.as_of_on - 30 and outcomes.as_of_on > dates.as_of_on - 120
left join judged_windows on judged_windows.as_of_on = outcomes.as_of_on and judged_windows.control_id = outcomes.control_id
where outcomes.has_failed or judged_windows.is_judged
group by all;
