-- Tickets: one version per ticket and day, what moved on each day, what was open, and what came late.

create temp table ticket_versions as
with last_of_day as (
    select
        * exclude (file_row_number),
        updated_at::date as valid_from,
        status in ('resolved', 'closed') as is_finished,
        case
            when status not in ('resolved', 'closed') then null
            when not sla_met or coalesce(resolved_at, closed_at) > due_at then true
            when sla_met or coalesce(resolved_at, closed_at) <= due_at then false
        end as is_late,
    from read_parquet(getvariable('history') || '/tickets.parquet', file_row_number = true)
    qualify row_number() over (partition by ticket_id, updated_at::date order by updated_at desc, file_row_number desc) = 1
)

select
    *,
    lead(valid_from) over by_day as valid_to,
    lag(status) over by_day as old_status,
    lag(is_late) over by_day as old_is_late,
    lag(is_finished) over by_day as old_is_finished,
    lag(due_at) over by_day as old_due_at,
    lag(sla_met = false or resolved_at > due_at) over by_day as old_is_breached,
    lag(reopen_count) over by_day as old_reopen_count,
    lag(reassignment_count) over by_day as old_reassignment_count,
    lag(coalesce(closed_at, resolved_at, updated_at)) over by_day as old_finished_at,
    lag(assignee_id) over by_day as old_assignee_id,
    lag(process_id) over by_day as old_process_id,
from last_of_day
window by_day as (partition by ticket_id order by valid_from);

create temp table ticket_moves as
select
    valid_from as on_date,
    assignee_id as agent_id,
    process_id,
    count(*) filter (old_status is null) as opened,
    count(*) filter (is_finished and not coalesce(old_is_finished, false)) as finished,
    count(*) filter ((sla_met = false or resolved_at > due_at) and not coalesce(old_is_breached, false)) as breached,
    count(*) filter (is_finished and not coalesce(old_is_finished, false) and has_evidence = false) as without_evidence,
    sum(greatest(coalesce(reopen_count, 0) - coalesce(old_reopen_count, 0), 0)) as reopened,
    sum(greatest(coalesce(reassignment_count, 0) - coalesce(old_reassignment_count, 0), 0)) as reassigned,
from ticket_versions
group by all;

create temp table backlogs as
select days.on_date, versions.assignee_id as agent_id, versions.process_id, count(*) as backlog_open
from ticket_versions as versions
inner join days
    on versions.valid_from <= days.on_date and (versions.valid_to is null or versions.valid_to > days.on_date)
where versions.status in ('new', 'in_progress', 'on_hold')
group by all;

create temp table open_tickets as
select
    dates.as_of_on,
    versions.assignee_id as agent_id,
    versions.process_id,
    count(*) filter (versions.due_at::date <= dates.as_of_on) as tickets_overdue,
    count(*) filter (versions.due_at::date between dates.as_of_on + 1 and dates.as_of_on + 7) as tickets_due_7d,
    max(dates.as_of_on - versions.opened_at::date) as oldest_ticket_days,
from dates
inner join ticket_versions as versions
    on versions.valid_from <= dates.as_of_on and (versions.valid_to is null or versions.valid_to > dates.as_of_on)
where versions.status in ('new', 'in_progress', 'on_hold')
group by all;

create temp table closed_changes as
select ticket_id, process_id, change_type, valid_from as known_on
from ticket_versions
where kind = 'change' and status = 'closed'
qualify row_number() over (partition by ticket_id order by valid_from) = 1;

create temp table ticket_steps as
with versions as (
    select
        *,
        coalesce(not old_is_finished and old_due_at::date < valid_from, false) as was_overdue,
        greatest(due_at::date, valid_from) as overdue_on,
    from ticket_versions
    where status != 'cancelled'
)

select ticket_id, 'finished' as step, assignee_id as agent_id, process_id, valid_from as known_on, is_late
from versions
where
    is_finished
    and is_late is not null
    and (not coalesce(old_is_finished, false) or is_late is distinct from old_is_late)
    and not (is_late and was_overdue)
union all
select ticket_id, 'overdue', assignee_id, process_id, overdue_on, true
from versions
where
    not is_finished
    and due_at is not null
    and overdue_on <= getvariable('last_day')
    and (due_at::date >= valid_from or old_status is null)
    and (valid_to is null or valid_to > overdue_on);

-- Work that did not hold is the work of whoever had finished it.
create temp table closings as
select
    assignee_id as agent_id,
    process_id,
    valid_from as known_on,
    coalesce(closed_at, updated_at)::date as occurred_on,
    not coalesce(has_evidence, true) as is_exception,
from ticket_versions
where status = 'closed' and old_status is distinct from 'closed'
union all
select coalesce(old_assignee_id, assignee_id), coalesce(old_process_id, process_id), valid_from, updated_at::date, true
from ticket_versions
where
    status != 'cancelled'
    and reopen_count > coalesce(old_reopen_count, 0)
    and old_status is not null
    and updated_at <= old_finished_at
    + to_days((select reopen_days from library where control_id = 'OPS-01')::integer);
