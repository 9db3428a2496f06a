{{ config(materialized='ephemeral') }}

with

control as (
    {{ control_row('CHG-04') }}
),

-- Without a recorded start the time counts from the end of the work, which can only be later.
emergencies as (
    select
        steps.*,
        coalesce(steps.actual_start_at, steps.finished_at) + {{ hours('control.limit_hours') }} as deadline_at
    from {{ ref('int_controls__change_steps') }} as steps
    cross join control
    where steps.step = 'started' and steps.change_type = 'emergency'
),

due as (
    select
        *,
        greatest(known_on, {{ local_date('deadline_at') }}) as due_known_on,
        {{ tested_on("greatest(known_on, " ~ local_date('deadline_at') ~ ")") }} as tested_on
    from emergencies
    where {{ is_tested_now("greatest(known_on, " ~ local_date('deadline_at') ~ ")") }}
),

final as (
    select
        due.ticket_id,
        due.process_id,
        due.actual_start_at,
        due.deadline_at,
        due.due_known_on,
        due.tested_on,
        due.source_row,
        min(approvals.decided_at) as approved_at
    from due
    left join {{ ref('int_feed__approvals') }} as approvals
        on
            due.ticket_id = approvals.ticket_id
            and approvals.decision = 'approved'
            and {{ is_visible('approvals', 'due.tested_on') }}
    group by all
)

select * from final
