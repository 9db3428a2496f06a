with

agents as (
    select
        on_date as as_of_on,
        * exclude (on_date)
    from {{ ref('int_entities__agent_day') }}
    where on_date in (select as_of_on from {{ ref('int_features__dates') }})
),

starts as (
    select
        agents.as_of_on,
        agents.agent_id,
        max(assignments.assigned_from) as assigned_from
    from agents
    inner join {{ ref('int_hr__assignment_history') }} as assignments
        on
            agents.agent_id = assignments.worker_id
            and agents.process_id = assignments.process_id
            and agents.as_of_on >= assignments.assigned_from
            and {{ is_valid('assignments', 'agents.as_of_on') }}
    group by agents.as_of_on, agents.agent_id
)

select
    agents.*,
    starts.assigned_from,
    agents.as_of_on - starts.assigned_from as days_since_process_change
from agents
left join starts on agents.as_of_on = starts.as_of_on and agents.agent_id = starts.agent_id
