-- Limits of trainings: days until the first day on which the control sees the exception if nobody acts.
with

limits as (
    select * from {{ ref('control_library') }}
),

agents as (
    select * from {{ ref('int_features__agents') }}
),

trainings as (
    select
        agents.as_of_on,
        agents.process_id,
        agents.agent_id,
        limits.control_id,
        1 + coalesce(
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

-- A certificate without an end, or one renewed ahead of time, holds whatever an older one says.
certificates as (
    select
        agents.as_of_on,
        agents.process_id,
        agents.agent_id,
        'HR-03' as control_id,
        if(
            count(*) = count(courses.expires_at), max({{ local_date('courses.expires_at') }}), null
        ) - agents.as_of_on as days_left
    from agents
    inner join {{ ref('int_hr__training_history') }} as courses
        on
            agents.agent_id = courses.worker_id
            and agents.process_id = courses.scope
            and courses.completed_at is not null
            and {{ is_valid('courses', 'agents.as_of_on') }}
    group by agents.as_of_on, agents.process_id, agents.agent_id, courses.course_id
)

select * from trainings
union all
select * from certificates
