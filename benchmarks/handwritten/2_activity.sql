-- Log-ins and data use per agent and day, and whether they lie outside the shift. This is where nearly all rows are.

create temp table shifts as
select
    worker_id as agent_id,
    starts_at::timestamp as starts_at,
    ends_at::timestamp as ends_at,
    kind,
    is_approved,
    updated_at::date as valid_from,
    coalesce(lead(updated_at::date) over (partition by worker_id, starts_at order by updated_at), date '9999-12-31') as valid_to,
from read_parquet(getvariable('history') || '/shifts.parquet');

create temp table rostered_weeks as
select agent_id, date_trunc('week', starts_at)::date as week_on, min(valid_from) as first_known_on
from shifts
group by all;

-- Time on duty and time on leave, as the roster stood on the day; overlaps merged, so an event meets one row at the most.
create temp table spans as
with touched as (
    select
        agent_id,
        kind = 'leave' as is_leave,
        if(kind = 'leave', starts_at, starts_at - to_minutes(getvariable('grace_minutes')::integer)) as from_at,
        if(kind = 'leave', ends_at, ends_at + to_minutes(getvariable('grace_minutes')::integer)) as to_at,
        valid_from,
        valid_to,
        unnest(generate_series(from_at::date, to_at::date, interval 1 day))::date as on_date,
    from shifts
    where kind = 'scheduled' or (kind = 'overtime' and is_approved) or (kind = 'leave' and is_approved is not false)
),

marked as (
    select
        agent_id,
        on_date,
        is_leave,
        from_at,
        to_at,
        coalesce(from_at <= max(to_at) over (
            partition by agent_id, on_date, is_leave order by from_at rows between unbounded preceding and 1 preceding
        ), false) as is_joined,
    from touched
    where valid_from <= on_date and valid_to > on_date
),

numbered as (
    select
        *,
        count(*) filter (not is_joined) over (partition by agent_id, on_date, is_leave order by from_at) as island,
    from marked
)

select agent_id, on_date, is_leave, min(from_at) as from_at, max(to_at) as to_at
from numbered
group by agent_id, on_date, is_leave, island;

create temp table account_holders as
select list_days.on_date, accounts.account_id, accounts.worker_id as agent_id
from list_days
inner join accounts on list_days.feed = 'accounts' and accounts.snapshot_on = list_days.snapshot_on
where accounts.worker_id is not null and accounts.kind in ('personal', 'break_glass');

create temp table login_days as
with events as (
    select account_id, occurred_at::timestamp as occurred_at, occurred_at::date as on_date, outcome, is_mfa, is_managed_device
    from read_parquet(getvariable('history') || '/auth_events.parquet')
),

counted as (
    select
        account_holders.agent_id,
        events.on_date,
        count(*) filter (outcome = 'success') as logins,
        count(*) filter (outcome = 'failure') as failed_logins,
        count(*) filter (outcome = 'success' and not is_mfa) as logins_without_mfa,
        count(*) filter (outcome = 'success' and is_mfa is null) as logins_mfa_unknown,
        count(*) filter (outcome = 'success' and not is_managed_device) as logins_unmanaged_device,
        count(*) filter (outcome = 'success' and (duty.agent_id is null or away.agent_id is not null)) as logins_off_shift,
    from events
    inner join account_holders using (account_id, on_date)
    left join spans as duty
        on
            not duty.is_leave
            and duty.agent_id = account_holders.agent_id
            and duty.on_date = events.on_date
            and duty.from_at <= events.occurred_at
            and duty.to_at > events.occurred_at
    left join spans as away
        on
            away.is_leave
            and away.agent_id = account_holders.agent_id
            and away.on_date = events.on_date
            and away.from_at <= events.occurred_at
            and away.to_at > events.occurred_at
    group by account_holders.agent_id, events.on_date
)

select
    counted.* replace (if(rostered_weeks.agent_id is null, 0, logins_off_shift) as logins_off_shift),
    rostered_weeks.agent_id is not null as is_rostered,
from counted
left join rostered_weeks
    on
        rostered_weeks.agent_id = counted.agent_id
        and rostered_weeks.week_on = date_trunc('week', counted.on_date)::date
        and rostered_weeks.first_known_on <= counted.on_date;

create temp table data_days as
with events as (
    select account_id, occurred_at::timestamp as occurred_at, occurred_at::date as on_date, action, records, ticket_id
    from read_parquet(getvariable('history') || '/data_access_events.parquet')
),

counted as (
    select
        account_holders.agent_id,
        events.on_date,
        count(*) as events,
        count(*) filter (ticket_id is null) as events_without_ticket,
        count(*) filter (action = 'unmask') as reveals,
        coalesce(sum(coalesce(records, 1)) filter (action in ('view', 'search', 'unmask')), 0) as records_viewed,
        coalesce(sum(coalesce(records, 1)) filter (action not in ('view', 'search', 'unmask')), 0) as records_exported,
        count(*) filter (duty.agent_id is null or away.agent_id is not null) as events_off_shift,
    from events
    inner join account_holders using (account_id, on_date)
    left join spans as duty
        on
            not duty.is_leave
            and duty.agent_id = account_holders.agent_id
            and duty.on_date = events.on_date
            and duty.from_at <= events.occurred_at
            and duty.to_at > events.occurred_at
    left join spans as away
        on
            away.is_leave
            and away.agent_id = account_holders.agent_id
            and away.on_date = events.on_date
            and away.from_at <= events.occurred_at
            and away.to_at > events.occurred_at
    group by account_holders.agent_id, events.on_date
)

select
    counted.* replace (if(rostered_weeks.agent_id is null, 0, events_off_shift) as events_off_shift),
    rostered_weeks.agent_id is not null as is_rostered,
from counted
left join rostered_weeks
    on
        rostered_weeks.agent_id = counted.agent_id
        and rostered_weeks.week_on = date_trunc('week', counted.on_date)::date
        and rostered_weeks.first_known_on <= counted.on_date;

create temp table account_logons as
select account_id, occurred_at::date as on_date
from read_parquet(getvariable('history') || '/auth_events.parquet')
where outcome = 'success'
group by all;

create temp table overtime_days as
select
    agent_id,
    starts_at::date as on_date,
    sum(greatest(date_diff('minute', starts_at, ends_at), 0)) filter (kind = 'overtime') as overtime_minutes,
from shifts
where
    kind in ('scheduled', 'overtime')
    and valid_from <= starts_at::date
    and valid_to > starts_at::date
    and starts_at::date <= getvariable('last_day')
group by all;
