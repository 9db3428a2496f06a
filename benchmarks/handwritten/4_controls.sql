-- The nine controls: what was tested for whom on which day, and whether it was an exception.

create temp table feed_days as
select 'workers' as feed, min(snapshot_on) as first_known_on, max(snapshot_on) as last_known_on from workers
union all
select 'accounts', min(snapshot_on), max(snapshot_on) from accounts
union all
select 'trainings', min(updated_at)::date, max(updated_at)::date from read_parquet(getvariable('history') || '/trainings.parquet')
union all
select 'shifts', min(updated_at)::date, max(updated_at)::date from read_parquet(getvariable('history') || '/shifts.parquet')
union all
select 'tickets', min(updated_at)::date, max(updated_at)::date from read_parquet(getvariable('history') || '/tickets.parquet')
union all
select 'approvals', min(decided_at)::date, max(decided_at)::date from read_parquet(getvariable('history') || '/approvals.parquet')
union all
select 'auth_events', min(occurred_at)::date, max(occurred_at)::date
from read_parquet(getvariable('history') || '/auth_events.parquet')
union all
select 'data_access_events', min(occurred_at)::date, max(occurred_at)::date
from read_parquet(getvariable('history') || '/data_access_events.parquet');

create temp table evaluable_days as
select needs.control_id, days.on_date
from (select control_id, unnest(string_split(needs_feeds, ';')) as feed from library) as needs
inner join feed_days using (feed)
inner join read_csv(getvariable('seeds') || '/feed_register.csv', header = true) as register using (feed)
cross join days
group by all
having bool_and(
    feed_days.first_known_on <= days.on_date
    and days.on_date - least(feed_days.last_known_on, days.on_date) <= register.max_age_days
);

-- JML-01: whoever left, by the last version of the worker on any list so far.
create temp table leaver_days as
with versions as (
    select
        worker_id as agent_id,
        termination_date,
        snapshot_on as valid_from,
        lead(snapshot_on) over (partition by worker_id order by snapshot_on) as replaced_on,
        min(snapshot_on) over (partition by worker_id, termination_date) as known_from,
    from workers
),

leavers as (
    select
        days.on_date,
        versions.agent_id,
        versions.termination_date,
        versions.known_from,
        days.on_date <= versions.termination_date + control.limit_days as is_recent,
    from versions
    inner join days
        on
            days.on_date >= versions.valid_from
            and (versions.replaced_on is null or days.on_date < versions.replaced_on)
            and days.on_date >= versions.termination_date
    cross join (select limit_days from library where control_id = 'JML-01') as control
)

select
    leavers.*,
    max_by(places.process_id, (places.assigned_from, places.first_seen_on)) as process_id,
from leavers
left join (
    select worker_id, process_id, assigned_from, min(snapshot_on) as first_seen_on from assignments group by all
) as places
    on
        places.worker_id = leavers.agent_id
        and places.first_seen_on <= leavers.on_date
        and places.assigned_from <= leavers.termination_date
group by all;

create temp table leaver_accounts as
with lists as (
    select
        snapshot_on,
        row_number() over (order by snapshot_on) as list_number,
        lead(snapshot_on) over (order by snapshot_on) as next_on,
    from (select distinct snapshot_on from accounts)
),

seen as (
    select
        accounts.* exclude (snapshot_on),
        lists.snapshot_on,
        lists.next_on,
        lists.list_number - row_number() over (
            partition by account_id, worker_id, is_enabled, disabled_at, is_mfa_enrolled order by snapshot_on
        ) as island,
    from accounts
    inner join lists using (snapshot_on)
    where worker_id is not null and kind in ('personal', 'break_glass')
),

spans as (
    select
        account_id,
        worker_id,
        is_enabled,
        disabled_at::timestamp as disabled_at,
        min(snapshot_on) as valid_from,
        if(bool_or(next_on is null), null, max(next_on)) as valid_to,
    from seen
    group by account_id, worker_id, is_enabled, disabled_at, is_mfa_enrolled, island
),

versions as (
    select *, lead(valid_from) over (partition by account_id order by valid_from) as replaced_on from spans
),

sensitive as (
    select account_id, min(snapshot_on) as sensitive_from
    from (
        select account_id, snapshot_on from entitlements where is_privileged
        union all
        select accounts.account_id, greatest(accounts.snapshot_on, card.snapshot_on)
        from accounts
        inner join (
            select system_id, min(snapshot_on) as snapshot_on
            from read_parquet(getvariable('history') || '/systems.parquet')
            where ',' || replace(regulated, ' ', '') || ',' like '%,pci,%'
            group by system_id
        ) as card using (system_id)
    )
    group by account_id
)

select
    leavers.on_date,
    leavers.agent_id,
    leavers.process_id,
    leavers.termination_date,
    leavers.is_recent,
    leavers.known_from,
    versions.account_id,
    versions.disabled_at,
    versions.is_enabled
    and (versions.disabled_at is null or versions.disabled_at > leavers.on_date + 1)
    and (versions.valid_to is null or versions.valid_to > leavers.on_date) as is_open,
    case
        when not versions.is_enabled then versions.valid_from
        else least(versions.valid_to, greatest(versions.disabled_at::date, versions.valid_from))
    end as closed_known_on,
    (leavers.termination_date + 1)::timestamp
    + to_hours(if(sensitive.account_id is null, control.limit_hours, control.limit_hours_privileged)::integer) as deadline_at,
    (list_days.snapshot_on + 1)::timestamp as seen_until,
from leaver_days as leavers
inner join versions
    on
        versions.worker_id = leavers.agent_id
        and leavers.on_date >= versions.valid_from
        and (versions.replaced_on is null or leavers.on_date < versions.replaced_on)
        and (versions.disabled_at is null or leavers.termination_date <= versions.disabled_at::date)
inner join list_days on list_days.feed = 'accounts' and list_days.on_date = leavers.on_date
left join sensitive on sensitive.account_id = versions.account_id and sensitive.sensitive_from <= leavers.on_date
cross join (select * from library where control_id = 'JML-01') as control;

create temp table items as
select
    'JML-01' as control_id,
    agent_id,
    process_id,
    account_id || '|' || termination_date as item_key,
    on_date as tested_on,
    1 as exposure,
    case
        when is_open and deadline_at <= seen_until then true
        when is_open and deadline_at <= (on_date + 1)::timestamp then null
        when is_open then false
        when disabled_at is null and (closed_known_on + 1)::timestamp > deadline_at then null
        else disabled_at > deadline_at and on_date = greatest(closed_known_on, known_from)
    end as is_exception,
from leaver_accounts
where is_recent or is_open
union all
select
    'JML-01',
    leavers.agent_id,
    leavers.process_id,
    leavers.agent_id || '|' || leavers.termination_date || '|log-on|' || login_days.on_date,
    leavers.on_date,
    login_days.logins,
    true,
from leaver_days as leavers
inner join login_days
    on
        login_days.agent_id = leavers.agent_id
        and login_days.on_date > leavers.termination_date
        and leavers.on_date = greatest(login_days.on_date, leavers.known_from)
where login_days.logins > 0;

-- ACC-02: the last log-on so far, carried forward; an account older than the log may have been used before it begins.
insert into items
with uses as (
    select
        held.on_date,
        held.agent_id,
        held.process_id,
        held.account_id,
        held.created_on,
        max(logons.on_date) as last_logon_on,
    from agent_accounts as held
    asof left join account_logons as logons on logons.account_id = held.account_id and held.on_date >= logons.on_date
    where held.kind = 'personal' and held.disabled_at is null and not held.is_on_leave
    group by all
)

select
    'ACC-02',
    agent_id,
    process_id,
    account_id || '|' || coalesce(last_logon_on, created_on),
    on_date,
    1,
    case
        when on_date - coalesce(last_logon_on, created_on) <= control.limit_days then false
        when last_logon_on is not null or log.begins_on <= on_date - control.limit_days then true
    end,
from uses
cross join (select limit_days from library where control_id = 'ACC-02') as control
cross join (select min(on_date) as begins_on from account_logons) as log;

-- HR-02: a year after the last completion, or some days after hiring.
insert into items
with taken as (
    select agents.on_date, agents.agent_id, agents.process_id, agents.tenure_days, max(trainings.completed_on) as completed_on
    from agent_days as agents
    left join trainings
        on
            trainings.agent_id = agents.agent_id
            and trainings.scope = 'awareness'
            and trainings.valid_from <= agents.on_date
            and (trainings.valid_to is null or trainings.valid_to > agents.on_date)
    where not agents.is_on_leave
    group by all
),

due as (
    select
        taken.*,
        coalesce(completed_on + control.limit_days, on_date - tenure_days + control.first_limit_days)::date as due_on,
    from taken
    cross join (select * from library where control_id = 'HR-02') as control
)

select 'HR-02', agent_id, process_id, agent_id || '|awareness|' || due_on, on_date, 1, due_on < on_date
from due
where exists (
    select 1 from agent_accounts as held
    where
        held.on_date = due.on_date and held.agent_id = due.agent_id
        and held.kind = 'personal' and held.disabled_at is null
);
