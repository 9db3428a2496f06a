-- Sums over windows per entity, the pairs that can fail, and rates of small groups drawn towards their peers' rate.

create temp table agents as
select agent_days.on_date as as_of_on, agent_days.* exclude (on_date), starts.assigned_from
from agent_days
inner join dates on dates.as_of_on = agent_days.on_date
left join (
    select list_days.on_date, assignments.worker_id, assignments.process_id, max(assigned_from) as assigned_from
    from list_days
    inner join assignments on list_days.feed = 'assignments' and assignments.snapshot_on = list_days.snapshot_on
    where assigned_from <= list_days.on_date
    group by all
) as starts
    on
        starts.on_date = agent_days.on_date
        and starts.worker_id = agent_days.agent_id
        and starts.process_id = agent_days.process_id;

create temp table login_windows as
select
    as_of_on,
    agent_id,
    sum(logins) filter (age < 28) as logins_28d,
    sum(logins) as logins_90d,
    sum(failed_logins) filter (age < 7) as failed_logins_7d,
    sum(failed_logins) filter (age < 28) as failed_logins_28d,
    sum(failed_logins) filter (age < 56) as failed_logins_56d,
    sum(logins_without_mfa) filter (age < 7) as logins_without_mfa_7d,
    sum(logins_without_mfa) filter (age < 28) as logins_without_mfa_28d,
    sum(logins_without_mfa) filter (age < 56) as logins_without_mfa_56d,
    sum(logins - logins_mfa_unknown) filter (age < 28) as logins_mfa_known_28d,
    sum(logins_off_shift) filter (age < 7) as logins_off_shift_7d,
    sum(logins_off_shift) filter (age < 28) as logins_off_shift_28d,
    sum(logins_off_shift) filter (age < 56) as logins_off_shift_56d,
    sum(logins_unmanaged_device) filter (age < 28) as logins_unmanaged_device_28d,
    count(*) filter (age < 28) as login_days_28d,
    count(*) as login_days_90d,
    count(distinct age // 7) filter (age < 56) as login_weeks_56d,
from (
    select dates.as_of_on, login_days.*, dates.as_of_on - login_days.on_date as age
    from dates
    inner join login_days on login_days.on_date between dates.as_of_on - 89 and dates.as_of_on
)
group by all;

create temp table data_windows as
select
    as_of_on,
    agent_id,
    sum(events) filter (age < 28) as data_events_28d,
    sum(events_off_shift) filter (age < 28) as events_off_shift_28d,
    sum(events_without_ticket) filter (age < 28) as events_without_ticket_28d,
    sum(reveals) filter (age < 7) as reveals_7d,
    sum(reveals) filter (age < 28) as reveals_28d,
    sum(reveals) as reveals_56d,
    sum(records_viewed) filter (age = 0) as records_viewed_1d,
    sum(records_viewed) filter (age < 7) as records_viewed_7d,
    sum(records_viewed) filter (age < 28) as records_viewed_28d,
    sum(records_viewed) as records_viewed_56d,
    sum(records_exported) filter (age = 0) as records_exported_1d,
    sum(records_exported) filter (age < 7) as records_exported_7d,
    sum(records_exported) filter (age < 28) as records_exported_28d,
    sum(records_exported) as records_exported_56d,
    count(*) filter (age < 7) as data_days_7d,
    count(*) filter (age < 28) as data_days_28d,
    count(*) as data_days_56d,
    count(distinct age // 7) as data_weeks_56d,
from (
    select dates.as_of_on, data_days.*, dates.as_of_on - data_days.on_date as age
    from dates
    inner join data_days on data_days.on_date between dates.as_of_on - 55 and dates.as_of_on
)
group by all;

-- What moved and what was open, per day.
create temp table work_days as
select agent_id, process_id, on_date, opened, finished, breached, reopened, without_evidence, reassigned, 0 as backlog_open
from ticket_moves
union all
select agent_id, process_id, on_date, 0, 0, 0, 0, 0, 0, backlog_open
from backlogs;

create temp table work_windows as
select
    dates.as_of_on,
    agent_id,
    process_id,
    dates.as_of_on - on_date as age,
    sum(columns(* exclude (as_of_on, agent_id, process_id, on_date))),
from dates
inner join work_days on work_days.on_date between dates.as_of_on - 55 and dates.as_of_on
group by all;

create macro work_sums(entity) as table
select
    as_of_on,
    case when entity = 'agent' then agent_id else process_id end as entity_id,
    sum(opened) filter (age < 7) as opened_7d,
    sum(opened) as opened_56d,
    sum(finished) filter (age < 7) as finished_7d,
    sum(finished) filter (age < 28) as finished_28d,
    sum(finished) as finished_56d,
    sum(breached) filter (age < 7) as breached_7d,
    sum(breached) filter (age < 28) as breached_28d,
    sum(breached) as breached_56d,
    sum(reopened) filter (age < 28) as reopened_28d,
    sum(without_evidence) filter (age < 28) as without_evidence_28d,
    sum(reassigned) filter (age < 28) as reassigned_28d,
    sum(backlog_open) filter (age = 0) as backlog_open,
    sum(backlog_open) as backlog_open_56d,
    count(distinct age) as ticket_days_56d,
    count(distinct age // 7) as ticket_weeks_56d,
from work_windows
where entity_id is not null
group by all;

create temp table agent_work as select * exclude (entity_id), entity_id as agent_id from work_sums('agent');

create temp table process_work as select * exclude (entity_id), entity_id as process_id from work_sums('process');

create temp table overtime_windows as
select
    dates.as_of_on,
    agent_id,
    coalesce(sum(overtime_minutes) filter (dates.as_of_on - on_date < 7), 0) as overtime_minutes_7d,
    coalesce(sum(overtime_minutes) filter (dates.as_of_on - on_date < 28), 0) as overtime_minutes_28d,
    coalesce(sum(overtime_minutes), 0) as overtime_minutes_56d,
    count(distinct (dates.as_of_on - on_date) // 7) as shift_weeks_56d,
from dates
inner join overtime_days on overtime_days.on_date between dates.as_of_on - 55 and dates.as_of_on
group by all;

create temp table pair_failures as
select
    dates.as_of_on,
    entity_kind,
    entity_id,
    control_id,
    count(*) filter (dates.as_of_on - failed_on < 7) as exceptions_7d,
    count(*) filter (dates.as_of_on - failed_on < 28) as exceptions_28d,
    count(*) as exceptions_90d,
    count(distinct failed_on) as failure_days_90d,
    min(dates.as_of_on - failed_on) as days_since_last_failure,
from dates
inner join failures on failures.failed_on between dates.as_of_on - 89 and dates.as_of_on
group by all;

create temp table entity_failures as
select
    as_of_on,
    entity_kind,
    entity_id,
    sum(exceptions_28d) as exceptions_28d,
    sum(exceptions_90d) as exceptions_90d,
    min(days_since_last_failure) as days_since_any_failure,
from pair_failures
group by all;

create temp table entities as
select as_of_on, 'agent' as entity_kind, agent_id as entity_id, coalesce(process_id, '') as parent_id, tenure_days from agents
union all
select on_date, 'process', process_id, 'all', null from process_days inner join dates on dates.as_of_on = process_days.on_date;

create temp table pairs as
select entities.as_of_on, entities.entity_kind, entities.entity_id, library.control_id
from entities
inner join library on library.entity_kinds in (entities.entity_kind, 'both')
inner join evaluable_days on evaluable_days.on_date = entities.as_of_on and evaluable_days.control_id = library.control_id
anti join (
    select tested.*
    from tested
    inner join library using (control_id)
    where tested.is_exception and library.item_kind = 'state'
) as open_exceptions
    on
        open_exceptions.tested_on = entities.as_of_on
        and open_exceptions.entity_kind = entities.entity_kind
        and open_exceptions.entity_id = entities.entity_id
        and open_exceptions.control_id = library.control_id;

create temp table people_sums as
select
    agents.as_of_on,
    agents.process_id,
    count(*) as people,
    sum(logins_28d) as logins_28d,
    sum(logins_without_mfa_28d) as logins_without_mfa_28d,
    sum(logins_mfa_known_28d) as logins_mfa_known_28d,
    sum(logins_off_shift_28d) as logins_off_shift_28d,
    sum(logins_unmanaged_device_28d) as logins_unmanaged_device_28d,
    sum(data_events_28d) as data_events_28d,
    sum(reveals_28d) as reveals_28d,
    sum(records_exported_7d) as records_exported_7d,
    sum(records_exported_56d) as records_exported_56d,
    max(data_weeks_56d) as data_weeks_56d,
    sum(events_without_ticket_28d) as events_without_ticket_28d,
    sum(records_exported_28d) as records_exported_28d,
    sum(overtime_minutes_7d) as overtime_minutes_7d,
    sum(overtime_minutes_28d) as overtime_minutes_28d,
    sum(overtime_minutes_56d) as overtime_minutes_56d,
    max(shift_weeks_56d) as shift_weeks_56d,
    sum(entity_failures.exceptions_28d) as exceptions_28d,
from agents
left join login_windows using (as_of_on, agent_id)
left join data_windows using (as_of_on, agent_id)
left join overtime_windows using (as_of_on, agent_id)
left join entity_failures
    on
        entity_failures.as_of_on = agents.as_of_on
        and entity_failures.entity_kind = 'agent'
        and entity_failures.entity_id = agents.agent_id
group by agents.as_of_on, agents.process_id;

create temp table rate_counts as
with done as (
    select entities.*, finished_28d, breached_28d, reopened_28d, without_evidence_28d, logins_mfa_known_28d, logins_without_mfa_28d
    from entities
    left join agent_work on agent_work.as_of_on = entities.as_of_on and agent_work.agent_id = entities.entity_id
    left join login_windows on login_windows.as_of_on = entities.as_of_on and login_windows.agent_id = entities.entity_id
    where entity_kind = 'agent'
    union all
    select entities.*, finished_28d, breached_28d, reopened_28d, without_evidence_28d, logins_mfa_known_28d, logins_without_mfa_28d
    from entities
    left join process_work on process_work.as_of_on = entities.as_of_on and process_work.process_id = entities.entity_id
    left join people_sums on people_sums.as_of_on = entities.as_of_on and people_sums.process_id = entities.entity_id
    where entity_kind = 'process'
),

counted as (
    select
        as_of_on,
        entity_kind,
        parent_id,
        entity_id,
        unnest([
            {'measure': 'breached', 'trials': finished_28d, 'successes': breached_28d},
            {'measure': 'reopened', 'trials': finished_28d, 'successes': reopened_28d},
            {'measure': 'without_evidence', 'trials': finished_28d, 'successes': without_evidence_28d},
            {'measure': 'without_mfa', 'trials': logins_mfa_known_28d, 'successes': logins_without_mfa_28d}
        ]) as counts,
    from done
),

judged_days as (
    select dates.as_of_on, control_id, count(*) as evaluable_days
    from dates
    inner join evaluable_days on evaluable_days.on_date between dates.as_of_on - 89 and dates.as_of_on
    group by all
)

select
    as_of_on,
    entity_kind,
    parent_id,
    entity_id,
    counts.measure,
    coalesce(counts.trials, 0)::double as trials,
    least(coalesce(counts.successes, 0), coalesce(counts.trials, 0))::double as successes,
from counted
union all
select
    entities.as_of_on,
    entities.entity_kind,
    entities.parent_id,
    entities.entity_id,
    judged_days.control_id,
    greatest(least(evaluable_days, tenure_days + 1), coalesce(failure_days_90d, 0)),
    coalesce(failure_days_90d, 0),
from entities
inner join judged_days on judged_days.as_of_on = entities.as_of_on
inner join library on library.control_id = judged_days.control_id and library.entity_kinds in (entities.entity_kind, 'both')
left join pair_failures
    on
        pair_failures.as_of_on = entities.as_of_on
        and pair_failures.entity_kind = entities.entity_kind
        and pair_failures.entity_id = entities.entity_id
        and pair_failures.control_id = judged_days.control_id;

-- Beta-binomial by moments: the prior weighs as much as the groups are alike.
create macro prior_weight(spread, chance, information, degrees) as
if(
    information > 0 and spread > chance,
    least(greatest(chance / degrees * information / (spread - chance) - 1, 1), 10000),
    10000
);

create temp table rates as
with parents as (
    select
        as_of_on,
        entity_kind,
        measure,
        parent_id,
        greatest(count(*) filter (trials > 0) - 1, 0) as degrees,
        sum(trials) as trials,
        sum(successes) as successes,
        sum(trials * trials) as trials_squared,
        sum(successes * successes / nullif(trials, 0)) as spread_sum,
    from rate_counts
    group by all
),

overall as (
    select
        as_of_on,
        entity_kind,
        measure,
        sum(trials) as n,
        sum(successes) / n as ratio,
        prior_weight(
            sum(spread_sum - successes * successes / trials),
            sum(degrees * successes / trials * (1 - successes / trials)),
            sum(trials - trials_squared / trials - degrees),
            sum(degrees)
        ) as weight,
        prior_weight(
            sum(successes * successes / trials) - sum(successes) * ratio,
            (count(*) - 1) * ratio * (1 - ratio),
            n - sum(trials * trials) / n - (count(*) - 1),
            count(*) - 1
        ) as parent_weight,
    from parents
    where trials > 0
    group by all
)

select
    counts.as_of_on,
    counts.entity_kind,
    counts.entity_id,
    counts.measure,
    counts.trials,
    parents.trials as peer_trials,
    (parents.successes + overall.parent_weight * overall.ratio) / (parents.trials + overall.parent_weight) as peer_ratio,
    (counts.successes + overall.weight * peer_ratio) / (counts.trials + overall.weight) as ratio,
from rate_counts as counts
inner join parents using (as_of_on, entity_kind, measure, parent_id)
inner join overall using (as_of_on, entity_kind, measure);
