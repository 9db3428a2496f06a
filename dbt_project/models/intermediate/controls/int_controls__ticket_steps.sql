{{ config(materialized='daily_rows', pre_hook="{{ delete_new_days('known_on') }}") }}

with

versions as (select * from {{ ref('int_controls__moving_tickets') }}),

beginnings as (
    select source, ticket_id, min(valid_from) as first_valid_from from versions group by source, ticket_id
),

-- Each version that is new to the run, beside the version it replaced.
changes as (
    select
        new.*,
        coalesce(not old.is_finished and {{ local_date('old.due_at') }} < new.valid_from, false) as is_overdue_before,
        old.status as old_status,
        old.is_late as old_is_late,
        coalesce(old.is_finished, false) as was_finished,
        coalesce(old.reopen_count, 0) as old_reopen_count,
        coalesce(old.closed_at, old.finished_at) as old_finished_at,
        old.assignee_id as old_assignee_id,
        old.process_id as old_process_id
    from versions as new
    left join versions as old
        on
            new.source = old.source and new.ticket_id = old.ticket_id
            and new.valid_from = old.valid_to and old.status != 'cancelled'
    where new.status != 'cancelled' and {{ is_new('new.valid_from') }}
),

steps as (
    -- Finished and its lateness known, for the first time or otherwise than before, and not counted as overdue already.
    select *, 'finished' as step, valid_from as known_on, finished_at as occurred_at
    from changes
    where
        is_finished
        and is_late is not null
        and (not was_finished or is_late is distinct from old_is_late)
        and not (is_late and is_overdue_before)
    union all by name
    select *, 'closed' as step, valid_from as known_on, coalesce(closed_at, updated_at) as occurred_at
    from changes
    where status = 'closed' and old_status is distinct from 'closed'
    union all by name
    -- Work that did not hold is the work of whoever had finished it.
    select
        * replace (coalesce(old_assignee_id, assignee_id) as assignee_id, coalesce(old_process_id, process_id) as process_id),
        'reopened' as step,
        valid_from as known_on,
        updated_at as occurred_at
    from changes
    where old_status is not null and reopen_count > old_reopen_count
    union all by name
    -- The due day ended with the ticket open; known on that day, or with the first version where that came later.
    select
        * replace (true as is_late),
        'overdue' as step,
        greatest({{ local_date('due_at') }}, valid_from) as known_on,
        due_at as occurred_at
    from versions
    inner join beginnings using (source, ticket_id)
    where
        not is_finished
        and status != 'cancelled'
        and due_at is not null
        and ({{ local_date('due_at') }} >= valid_from or valid_from = first_valid_from)
        and (valid_to is null or valid_to > greatest({{ local_date('due_at') }}, valid_from))
        and {{ is_new("greatest(" ~ local_date('due_at') ~ ", valid_from)") }}
),

final as (
    select
        ticket_id, step, kind, assignee_id as agent_id, process_id, known_on, occurred_at, is_late, has_evidence, old_finished_at,
        source_row
    from steps
)

select * from final
