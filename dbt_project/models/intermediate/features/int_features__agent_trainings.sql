with

-- Courses of the process that are in use: each that any worker was ever given by the date.
courses as (
    select
        scope as process_id,
        course_id,
        min(valid_from) as known_from
    from {{ ref('int_hr__training_history') }}
    where scope != 'awareness'
    group by scope, course_id
),

agents as (
    select * from {{ ref('int_features__agents') }}
),

trainings as (
    select
        agents.as_of_on,
        agents.agent_id,
        trainings.course_id,
        trainings.scope,
        trainings.completed_at is null as is_open,
        trainings.expires_at is null or {{ local_date('trainings.expires_at') }} > agents.as_of_on as is_current,
        {{ local_date('trainings.due_at') }} - agents.as_of_on as days_until_due
    from agents
    inner join {{ ref('int_hr__training_history') }} as trainings
        on agents.agent_id = trainings.worker_id and {{ is_valid('trainings', 'agents.as_of_on') }}
),

courses_missing as (
    select
        agents.as_of_on,
        agents.agent_id,
        count(*) as courses_missing
    from agents
    inner join courses on agents.process_id = courses.process_id and agents.as_of_on >= courses.known_from
    anti join trainings
        on
            agents.as_of_on = trainings.as_of_on
            and agents.agent_id = trainings.agent_id
            and agents.process_id = trainings.scope
            and courses.course_id = trainings.course_id
            and not trainings.is_open
            and trainings.is_current
    group by agents.as_of_on, agents.agent_id
),

due as (
    select
        as_of_on,
        agent_id,
        count(*) filter (days_until_due < 0) as trainings_overdue,
        min(days_until_due) filter (days_until_due >= 0) as days_until_training_due
    from trainings
    where is_open
    group by as_of_on, agent_id
)

select
    as_of_on,
    agent_id,
    due.* exclude (as_of_on, agent_id),
    courses_missing.courses_missing
from due
full join courses_missing using (as_of_on, agent_id)
