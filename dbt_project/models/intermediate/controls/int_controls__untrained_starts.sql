{{ config(materialized='ephemeral') }}

with

starts as (
    select
        *,
        {{ tested_on('known_on') }} as tested_on
    from {{ ref('int_controls__process_starts') }}
    where {{ is_tested_now('known_on') }}
),

trainings as (
    select * from {{ ref('int_hr__training_history') }} where scope != 'awareness'
),

courses as (
    select
        scope as process_id,
        course_id,
        min(valid_from) as known_from
    from trainings
    group by scope, course_id
),

-- Each course of the process against what the agent had done when the work began.
courses_done as (
    select
        starts.agent_id,
        starts.process_id,
        starts.assigned_from,
        starts.start_kind,
        starts.started_at,
        starts.known_on,
        starts.tested_on,
        starts.source_row,
        courses.course_id,
        max(trainings.source_row) as training_row,
        coalesce(
            bool_or(
                trainings.completed_at <= starts.started_at
                and (trainings.expires_at is null or trainings.expires_at > starts.started_at)
            ),
            false
        ) as is_done
    from starts
    inner join courses on starts.process_id = courses.process_id and starts.tested_on >= courses.known_from
    left join trainings
        on
            starts.agent_id = trainings.worker_id
            and courses.process_id = trainings.scope
            and courses.course_id = trainings.course_id
            and {{ is_valid('trainings', 'starts.tested_on') }}
    group by all
),

final as (
    select
        agent_id,
        process_id,
        assigned_from,
        start_kind,
        started_at,
        known_on,
        tested_on,
        string_agg(course_id, ', ' order by course_id) filter (not is_done) as missing_courses,
        coalesce(max(training_row) filter (not is_done), source_row) as evidence
    from courses_done
    group by agent_id, process_id, assigned_from, start_kind, started_at, known_on, tested_on, source_row
)

select * from final
