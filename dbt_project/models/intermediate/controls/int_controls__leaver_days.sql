with

control as (
    {{ control_row('JML-01') }}
),

days as (
    {{ day_spine() }}
),

-- A worker who is no longer on the list keeps the last version known: whoever left and was then deleted is still a leaver.
versions as (
    select
        worker_id,
        termination_date,
        valid_from,
        lead(valid_from) over (partition by worker_id order by valid_from) as replaced_on,
        min(valid_from) over (partition by worker_id, termination_date) as known_from
    from {{ ref('int_hr__worker_history') }}
),

leavers as (
    select
        days.on_date,
        versions.worker_id as agent_id,
        versions.termination_date,
        versions.known_from,
        days.on_date <= versions.termination_date + control.limit_days as is_recent
    from days
    inner join versions
        on
            days.on_date >= versions.valid_from
            and (versions.replaced_on is null or days.on_date < versions.replaced_on)
            and days.on_date >= versions.termination_date
    cross join control
),

assignments as (
    select
        leavers.on_date,
        leavers.agent_id,
        assignments.process_id,
        row_number() over (
            partition by leavers.on_date, leavers.agent_id
            order by assignments.assigned_from desc, assignments.valid_from desc, assignments.process_id asc
        ) as recency
    from leavers
    inner join {{ ref('int_hr__assignment_history') }} as assignments
        on
            leavers.agent_id = assignments.worker_id
            and leavers.on_date >= assignments.valid_from
            and leavers.termination_date >= assignments.assigned_from
),

final as (
    select
        leavers.*,
        assignments.process_id
    from leavers
    left join assignments
        on
            leavers.on_date = assignments.on_date
            and leavers.agent_id = assignments.agent_id
            and assignments.recency = 1
)

select * from final
