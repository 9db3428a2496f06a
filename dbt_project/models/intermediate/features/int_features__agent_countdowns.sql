-- Days until each limit runs out if nobody acts; negative where it has.
with

limits as (
    select
        control_id,
        limit_days,
        first_limit_days
    from {{ ref('control_library') }}
),

agents as (
    select * from {{ ref('int_features__agents') }}
),

dormancy as (
    select
        uses.as_of_on,
        uses.process_id,
        uses.agent_id,
        limits.control_id,
        limits.limit_days - uses.days_since_use as days_left
    from {{ ref('int_features__account_use') }} as uses
    inner join limits on limits.control_id = 'ACC-02'
),

trainings as (
    select
        agents.as_of_on,
        agents.process_id,
        agents.agent_id,
        limits.control_id,
        coalesce(
            max({{ local_date('trainings.completed_at') }}) + max(limits.limit_days) - agents.as_of_on,
            max(limits.first_limit_days) - max(agents.tenure_days)
        ) as days_left
    from agents
    inner join limits on limits.control_id = 'HR-02'
    left join {{ ref('int_hr__training_history') }} as trainings
        on
            agents.agent_id = trainings.worker_id
            and trainings.scope = 'awareness'
            and {{ is_valid('trainings', 'agents.as_of_on') }}
    group by agents.as_of_on, agents.process_id, agents.agent_id, limits.control_id
),

leavers as (
    select
        agents.as_of_on,
        agents.process_id,
        agents.agent_id,
        'JML-01' as control_id,
        workers.termination_date - agents.as_of_on as days_left
    from agents
    inner join {{ ref('int_hr__worker_history') }} as workers
        on
            agents.agent_id = workers.worker_id
            and {{ is_valid('workers', 'agents.as_of_on') }}
)

select * from dormancy
union all
select * from trainings
union all
select * from leavers
