-- The event controls, per agent and day, and the controls of tickets; then what failed when.

-- DATA-02: far above the usual of the same job on the same process and day, without an approved export ticket.
insert into items
with control as (
    select * from library where control_id = 'DATA-02'
),

volumes as (
    select
        data_days.agent_id,
        data_days.on_date,
        agent_days.process_id,
        agent_days.job_role,
        greatest(records_viewed, records_exported) as records,
    from data_days
    left join agent_days using (agent_id, on_date)
),

peers as (
    select
        process_id,
        job_role,
        on_date,
        median(records) + (select mad_multiplier from control) * mad(records) as peer_limit,
    from volumes
    where process_id is not null
    group by all
    having count(*) >= (select min_population from control)
),

judged as (
    select volumes.*, volumes.records > greatest((select hard_limit_records from control), peers.peer_limit) as is_over
    from volumes
    left join peers using (process_id, job_role, on_date)
),

approved as (
    select distinct judged.agent_id, judged.on_date
    from judged
    inner join (
        select ticket_id, valid_from, valid_to, unnest([opened_by, assignee_id, beneficiary_id]) as agent_id
        from ticket_versions
        where kind = 'export_request' and status != 'cancelled'
    ) as tickets
        on
            tickets.agent_id = judged.agent_id
            and tickets.valid_from <= judged.on_date
            and (tickets.valid_to is null or tickets.valid_to > judged.on_date)
    inner join read_parquet(getvariable('history') || '/approvals.parquet') as approvals
        on
            approvals.ticket_id = tickets.ticket_id
            and approvals.decision = 'approved'
            and approvals.decided_at::date between judged.on_date - (select limit_days from control) and judged.on_date
    where judged.is_over
)

select
    'DATA-02',
    judged.agent_id,
    judged.process_id,
    judged.agent_id || '|' || judged.on_date,
    judged.on_date,
    judged.records,
    judged.is_over and approved.agent_id is null,
from judged
left join approved using (agent_id, on_date);

-- DATA-04: anything done outside the shift.
insert into items
with activity as (
    select
        agent_id,
        on_date,
        coalesce(login_days.logins, 0) + coalesce(data_days.events, 0) as events,
        coalesce(login_days.logins_off_shift, 0) + coalesce(data_days.events_off_shift, 0) as events_off_shift,
        coalesce(login_days.is_rostered, data_days.is_rostered) as is_rostered,
    from login_days
    full join data_days using (agent_id, on_date)
)

select
    'DATA-04',
    activity.agent_id,
    agent_days.process_id,
    activity.agent_id || '|' || activity.on_date,
    activity.on_date,
    activity.events,
    if(activity.is_rostered, activity.events_off_shift > 0, null),
from activity
left join agent_days using (agent_id, on_date)
where activity.events > 0;

-- SEC-02: a log-in without a second factor.
insert into items
select
    'SEC-02',
    login_days.agent_id,
    agent_days.process_id,
    login_days.agent_id || '|' || login_days.on_date,
    login_days.on_date,
    login_days.logins - login_days.logins_mfa_unknown,
    case when logins_without_mfa > 0 then true when logins > logins_mfa_unknown then false end,
from login_days
left join agent_days using (agent_id, on_date)
where login_days.logins > 0;

-- OPS-01: closed without evidence, or opened again soon after.
insert into items
select
    'OPS-01',
    agent_id,
    process_id,
    coalesce(agent_id, 'nobody') || '|' || coalesce(process_id, 'none') || '|' || occurred_on,
    known_on,
    count(*),
    bool_or(is_exception),
from closings
group by agent_id, process_id, occurred_on, known_on;

-- OPS-04: the share of late tickets of the week so far, every day of the week.
insert into items
with owned as (
    select agent_id, null as process_id, ticket_id, known_on, is_late from ticket_steps where agent_id is not null
    union all
    select null, process_id, ticket_id, known_on, is_late from ticket_steps where process_id is not null
),

tickets as (
    select
        agent_id,
        process_id,
        date_trunc('week', known_on)::date as week_on,
        min(known_on) as counted_on,
        min(known_on) filter (is_late) as late_on,
    from owned
    group by agent_id, process_id, week_on, ticket_id
),

daily as (
    select agent_id, process_id, week_on, on_date, sum(counted) as counted, sum(late) as late
    from (
        select agent_id, process_id, week_on, counted_on as on_date, 1 as counted, 0 as late from tickets
        union all
        select agent_id, process_id, week_on, late_on, 0, 1 from tickets where late_on is not null
    )
    group by all
),

weeks as (
    select agent_id, process_id, week_on, days.on_date, sum(counted) as tickets, sum(late) as late_tickets
    from daily
    inner join days on date_trunc('week', days.on_date)::date = daily.week_on and days.on_date >= daily.on_date
    group by agent_id, process_id, week_on, days.on_date
)

select
    'OPS-04',
    agent_id,
    process_id,
    coalesce(agent_id, process_id) || '|' || week_on,
    on_date,
    tickets,
    late_tickets > control.limit_ratio * tickets,
from weeks
cross join (select * from library where control_id = 'OPS-04') as control
where tickets >= control.min_population;

-- INC-01: open incidents every day, a closed one on the day it was closed.
insert into items
with incidents as (
    select * from ticket_versions where kind = 'security_incident' and status != 'cancelled'
),

seen as (
    select
        incidents.*,
        days.on_date,
        (days.on_date + 1)::timestamp as ends_at,
        coalesce(resolved_at, closed_at)::timestamp as finished_at,
    from days
    inner join incidents
        on
            incidents.valid_from <= days.on_date
            and (incidents.valid_to is null or incidents.valid_to > days.on_date)
            and (incidents.status != 'closed' or incidents.valid_from = days.on_date)
)

select
    'INC-01',
    null,
    process_id,
    ticket_id || '|' || coalesce(reopen_count, 0),
    on_date,
    1,
    case
        when not sla_met or coalesce(finished_at, ends_at) > due_at::timestamp then true
        when
            coalesce(first_response_at::timestamp, if(status = 'new', ends_at, null))
            > opened_at::timestamp + to_hours(control.response_hours::integer)
            then true
        when
            not is_finished and assignee_id is null
            and updated_at::timestamp + to_hours(control.unowned_hours::integer) < ends_at
            then true
        when status = 'closed' and codes.known_from <= on_date and close_code is null then true
        when due_at is not null or sla_met is not null then false
    end,
from seen
cross join (select * from library where control_id = 'INC-01') as control
cross join (select min(valid_from) as known_from from incidents where close_code is not null) as codes;

create temp table tested as
select items.control_id, 'agent' as entity_kind, agent_id as entity_id, item_key, tested_on, exposure, is_exception
from items
inner join library on library.control_id = items.control_id and library.entity_kinds in ('agent', 'both')
inner join evaluable_days on evaluable_days.control_id = items.control_id and evaluable_days.on_date = items.tested_on
where agent_id is not null
union all
select items.control_id, 'process', process_id, item_key, tested_on, exposure, is_exception
from items
inner join library on library.control_id = items.control_id and library.entity_kinds in ('process', 'both')
inner join evaluable_days on evaluable_days.control_id = items.control_id and evaluable_days.on_date = items.tested_on
where process_id is not null;

create temp table exposures as
select control_id, entity_kind, entity_id, tested_on as on_date, sum(exposure) as exposure
from tested
where is_exception is not null
group by all;

create temp table failures as
select control_id, entity_kind, entity_id, min(tested_on) as failed_on
from tested
where is_exception
group by control_id, entity_kind, entity_id, item_key
union all
select control_id, entity_kind, entity_id, occurred_at::date
from read_parquet(getvariable('history') || '/findings.parquet')
where occurred_at::date between getvariable('first_day') and getvariable('last_day');
