{{ config(materialized='view') }}

with

days as (
    {{ day_spine() }}
),

assignments as (
    select * from {{ ref('int_hr__assignment_history') }}
),

processes as (
    select * from {{ ref('int_ops__process_history') }}
),

assigned as (
    select
        days.on_date,
        assignments.worker_id as agent_id,
        assignments.process_id,
        assignments.assigned_from,
    from assignments
    inner join days
        on
            {{ is_valid('assignments', 'days.on_date') }}
            and assignments.assigned_from <= days.on_date
            and (assignments.assigned_to is null or assignments.assigned_to >= days.on_date)
),

final as (
    select
        assigned.on_date,
        assigned.agent_id,
        max_by(assigned.process_id, (assigned.assigned_from, assigned.process_id)) as process_id,
        max_by(processes.client_id, (assigned.assigned_from, assigned.process_id)) as client_id,
        max_by(processes.site, (assigned.assigned_from, assigned.process_id)) as site,
        coalesce(bool_or(processes.regulated is not null), false) as has_regulated_process,
    from assigned
    left join processes
        on
            assigned.process_id = processes.process_id
            and {{ is_valid('processes', 'assigned.on_date') }}
    group by assigned.on_date, assigned.agent_id
)

select * from final
