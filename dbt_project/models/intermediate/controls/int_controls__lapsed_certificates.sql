{{ config(materialized='ephemeral') }}

with

certificates as (
    select
        *,
        {{ local_date('expires_at') }} as expires_on,
        greatest(
            {{ local_date('expires_at') }},
            min(valid_from) over (partition by source, worker_id, course_id, assigned_at, expires_at)
        ) as known_on
    from {{ ref('int_hr__training_history') }}
    where scope != 'awareness' and expires_at is not null and completed_at is not null
),

-- What still stood on the record when its last day ended.
lapsed as (
    select
        *,
        {{ tested_on('known_on') }} as tested_on
    from certificates
    where {{ is_tested_now('known_on') }} and {{ is_valid('certificates', 'certificates.known_on') }}
),

renewals as (
    select * from {{ ref('int_hr__training_history') }} where scope != 'awareness' and completed_at is not null
),

final as (
    select
        lapsed.worker_id as agent_id,
        lapsed.scope as process_id,
        lapsed.course_id,
        lapsed.expires_at,
        lapsed.expires_on,
        lapsed.known_on,
        lapsed.tested_on,
        min(lapsed.source_row) as evidence,
        count(renewals.worker_id) > 0 as is_renewed
    from lapsed
    inner join {{ ref('int_hr__assignment_history') }} as assignments
        on
            lapsed.worker_id = assignments.worker_id
            and lapsed.scope = assignments.process_id
            and {{ is_valid('assignments', 'lapsed.known_on') }}
            and lapsed.known_on >= assignments.assigned_from
            and (assignments.assigned_to is null or lapsed.known_on <= assignments.assigned_to)
    left join renewals
        on
            lapsed.worker_id = renewals.worker_id
            and lapsed.scope = renewals.scope
            and lapsed.course_id = renewals.course_id
            and {{ is_valid('renewals', 'lapsed.known_on') }}
            and (renewals.expires_at is null or renewals.expires_at > {{ day_end_at('lapsed.known_on') }})
    group by all
)

select * from final
