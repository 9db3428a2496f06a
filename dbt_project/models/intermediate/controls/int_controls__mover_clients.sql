{{ config(materialized='ephemeral') }}

with

movers as (
    select distinct
        agent_id,
        list_on
    from {{ ref('int_controls__mover_rights') }}
),

final as (
    select
        movers.agent_id,
        movers.list_on,
        list(distinct processes.client_id) filter (processes.client_id is not null) as client_ids,
        count(*) = count(processes.client_id) as is_complete
    from movers
    inner join {{ ref('int_hr__assignment_history') }} as assignments
        on
            movers.agent_id = assignments.worker_id
            and {{ is_valid('assignments', 'movers.list_on') }}
            and movers.list_on >= assignments.assigned_from
            and (assignments.assigned_to is null or movers.list_on <= assignments.assigned_to)
    left join {{ ref('int_ops__process_history') }} as processes
        on assignments.process_id = processes.process_id and {{ is_valid('processes', 'movers.list_on') }}
    group by movers.agent_id, movers.list_on
)

select * from final
