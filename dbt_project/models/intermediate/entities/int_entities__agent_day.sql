{{ config(
    materialized='daily_rows', incremental_strategy='append', on_schema_change='fail',
    pre_hook="{{ delete_run_days('on_date') }}",
) }}

with

days as (
    {{ day_spine() }}
),

workers as (
    select * from {{ ref('int_hr__worker_history') }}
),

assignments as (
    select * from {{ ref('int_entities__assignment_day') }}
),

ticket_scope as (
    select * from {{ ref('int_entities__ticket_scope') }}
),

employed as (
    select
        days.on_date,
        workers.*,
    from workers
    inner join days
        on
            {{ is_valid('workers', 'days.on_date') }}
            and workers.hire_date <= days.on_date
            and (workers.termination_date is null or workers.termination_date > days.on_date)
    where workers.employment_status in ('active', 'leave', 'notice')
),

hr_agents as (
    select
        employed.on_date,
        employed.worker_id as agent_id,
        assignments.process_id,
        assignments.client_id,
        coalesce(employed.site, assignments.site) as site,
        employed.country,
        employed.job_role,
        employed.team,
        employed.employment_type,
        employed.shift_pattern,
        employed.manager_id,
        (employed.on_date - employed.hire_date)::integer as tenure_days,
        employed.employment_status = 'notice'
        or coalesce(employed.resignation_date <= employed.on_date, false) as is_on_notice,
        employed.employment_status = 'leave' as is_on_leave,
        coalesce(assignments.has_regulated_process, false) as has_regulated_process,
        'hr' as scope_source,
    from employed
    left join assignments on employed.worker_id = assignments.agent_id and employed.on_date = assignments.on_date
),

-- Without any list of workers, an agent is whoever tickets were assigned to, on the process most of them came from.
ticket_agents as (
    select
        on_date,
        agent_id,
        max_by(process_id, (tickets, process_id)) filter (process_id is not null) as process_id,
        false as has_regulated_process,
        'tickets' as scope_source,
    from ticket_scope
    where is_without_workers and agent_id is not null
    group by on_date, agent_id
),

final as (
    select * from hr_agents
    union all by name
    select * from ticket_agents
)

select * from final
