-- Who worked where on each day, and what each person held: straight from the lists, which come about weekly.
-- Variables: history (folder of Parquet files), seeds (folder of csv files), first_day, last_day, feature_dates.

set TimeZone = 'UTC';

create temp table days as
select unnest(generate_series(getvariable('first_day'), getvariable('last_day'), interval 1 day))::date as on_date;

create temp table dates as select unnest(getvariable('feature_dates'))::date as as_of_on;

create temp table library as
select *
from read_csv(
    getvariable('seeds') || '/control_library.csv',
    header = true,
    types = {'limit_days': 'INTEGER', 'first_limit_days': 'INTEGER', 'limit_hours': 'INTEGER', 'limit_hours_privileged': 'INTEGER'}
)
where list_contains(getvariable('controls'), control_id);

set variable grace_minutes = (select grace_minutes from library where control_id = 'DATA-04');

create temp table workers as select * from read_parquet(getvariable('history') || '/workers.parquet');

create temp table accounts as select * from read_parquet(getvariable('history') || '/accounts.parquet');

create temp table entitlements as select * from read_parquet(getvariable('history') || '/entitlements.parquet');

create temp table assignments as select * from read_parquet(getvariable('history') || '/process_assignments.parquet');

create temp table processes as select * from read_parquet(getvariable('history') || '/processes.parquet');

-- The list that counts on a day is the last one before its end.
create temp table list_days as
select lists.feed, days.on_date, max(lists.snapshot_on) as snapshot_on
from days
inner join (
    select distinct 'workers' as feed, snapshot_on from workers
    union all
    select distinct 'accounts', snapshot_on from accounts
    union all
    select distinct 'entitlements', snapshot_on from entitlements
    union all
    select distinct 'assignments', snapshot_on from assignments
    union all
    select distinct 'processes', snapshot_on from processes
) as lists on lists.snapshot_on <= days.on_date
group by all;

create temp table assigned as
select
    list_days.on_date,
    assignments.worker_id as agent_id,
    max_by(assignments.process_id, (assignments.assigned_from, assignments.process_id)) as process_id,
    max_by(processes.client_id, (assignments.assigned_from, assignments.process_id)) as client_id,
    bool_or(processes.regulated is not null) as has_regulated_process,
from list_days
inner join assignments on list_days.feed = 'assignments' and assignments.snapshot_on = list_days.snapshot_on
left join list_days as process_lists on process_lists.feed = 'processes' and process_lists.on_date = list_days.on_date
left join processes
    on processes.snapshot_on = process_lists.snapshot_on and processes.process_id = assignments.process_id
where
    assignments.assigned_from <= list_days.on_date
    and (assignments.assigned_to is null or assignments.assigned_to >= list_days.on_date)
group by all;

create temp table agent_days as
select
    list_days.on_date,
    workers.worker_id as agent_id,
    assigned.process_id,
    assigned.client_id,
    workers.job_role,
    workers.employment_type,
    workers.termination_date,
    (list_days.on_date - workers.hire_date)::integer as tenure_days,
    workers.employment_status = 'notice' or coalesce(workers.resignation_date <= list_days.on_date, false) as is_on_notice,
    workers.employment_status = 'leave' as is_on_leave,
    coalesce(assigned.has_regulated_process, false) as has_regulated_process,
from list_days
inner join workers on list_days.feed = 'workers' and workers.snapshot_on = list_days.snapshot_on
left join assigned on assigned.agent_id = workers.worker_id and assigned.on_date = list_days.on_date
where
    workers.employment_status in ('active', 'leave', 'notice')
    and workers.hire_date <= list_days.on_date
    and (workers.termination_date is null or workers.termination_date > list_days.on_date);

create temp table process_days as
select
    list_days.on_date,
    processes.process_id,
    any_value(processes.criticality) as criticality,
    any_value(processes.regulated) as regulated,
    count(agent_days.agent_id) as headcount,
from list_days
inner join processes on list_days.feed = 'processes' and processes.snapshot_on = list_days.snapshot_on
left join agent_days on agent_days.on_date = list_days.on_date and agent_days.process_id = processes.process_id
group by list_days.on_date, processes.process_id;

create temp table agent_accounts as
select
    agent_days.on_date,
    agent_days.agent_id,
    agent_days.process_id,
    agent_days.client_id,
    agent_days.is_on_leave,
    accounts.account_id,
    accounts.kind,
    accounts.disabled_at,
    accounts.created_at::date as created_on,
    accounts.is_mfa_enrolled,
from agent_days
inner join list_days on list_days.feed = 'accounts' and list_days.on_date = agent_days.on_date
inner join accounts on accounts.snapshot_on = list_days.snapshot_on and accounts.worker_id = agent_days.agent_id
where accounts.is_enabled and accounts.kind in ('personal', 'break_glass');

create temp table trainings as
select
    worker_id as agent_id,
    course_id,
    scope,
    due_at::date as due_on,
    completed_at::date as completed_on,
    expires_at::date as expires_on,
    updated_at::date as valid_from,
    lead(updated_at::date) over (partition by worker_id, course_id, assigned_at order by updated_at) as valid_to,
from read_parquet(getvariable('history') || '/trainings.parquet');
