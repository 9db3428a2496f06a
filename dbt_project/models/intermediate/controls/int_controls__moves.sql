{{ config(materialized='ephemeral') }}

with

control as (
    {{ control_row('JML-02') }}
),

assignments as (
    select
        worker_id,
        process_id,
        assigned_from,
        min(valid_from) as known_on
    from {{ ref('int_hr__assignment_history') }}
    group by worker_id, process_id, assigned_from
),

process_moves as (
    select
        new.worker_id,
        new.assigned_from as effective_on,
        greatest(min(new.known_on), min(old.known_on)) as known_on
    from assignments as new
    inner join assignments as old
        on new.worker_id = old.worker_id and new.process_id != old.process_id and new.assigned_from > old.assigned_from
    group by new.worker_id, new.assigned_from
),

worker_lists as (
    select
        known_on,
        lag(known_on) over (order by known_on) as previous_on
    from (select distinct known_on from {{ ref('int_feed__workers') }}) as lists
),

versions as (
    select
        worker_id,
        valid_from,
        job_role != lag(job_role) over worker or site != lag(site) over worker as is_changed
    from {{ ref('int_hr__worker_history') }}
    window worker as (partition by source, worker_id order by valid_from)
),

-- A list of workers tells no date of a change, so it counts from the list that shows it. Where a move to another process lies
-- between that list and the one before, both are one move.
list_moves as (
    select
        versions.worker_id,
        versions.valid_from as effective_on,
        versions.valid_from as known_on
    from versions
    left join worker_lists on versions.valid_from = worker_lists.known_on
    left join process_moves
        on
            versions.worker_id = process_moves.worker_id
            and versions.valid_from >= process_moves.effective_on
            and worker_lists.previous_on < process_moves.effective_on
    where versions.is_changed and process_moves.worker_id is null
),

moves as (
    select * from process_moves
    union all
    select * from list_moves
),

final as (
    select
        moves.*,
        {{ day_end_at('moves.effective_on') }} + {{ hours('control.limit_hours') }} as deadline_at
    from moves
    cross join control
    where moves.known_on - moves.effective_on <= control.limit_days
)

select * from final
