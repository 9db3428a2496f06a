{{ config(materialized='ephemeral') }}

with

control as (
    {{ control_row('CHG-01') }}
),

changes as (
    select
        *,
        {{ tested_on('known_on') }} as tested_on
    from {{ ref('int_controls__change_steps') }}
    -- Standard changes were approved once and for all.
    where step = 'started' and coalesce(change_type, 'normal') = 'normal' and {{ is_tested_now('known_on') }}
),

-- What each approver had said last before the work began; what came later is approval that nobody waited for.
answers as (
    select
        changes.source,
        changes.ticket_id,
        approvals.approver_id,
        max_by(approvals.decision, approvals.decided_at) filter (approvals.decided_at <= changes.actual_start_at) as answer,
        count(*) filter (approvals.decision = 'approved' and approvals.decided_at > changes.actual_start_at) as late_approvals
    from changes
    inner join {{ ref('int_feed__approvals') }} as approvals
        on
            changes.ticket_id = approvals.ticket_id
            and {{ is_visible('approvals', 'changes.tested_on') }}
    group by changes.source, changes.ticket_id, approvals.approver_id
),

counted as (
    select
        source,
        ticket_id,
        count(*) filter (answer = 'approved') as approvals,
        count(*) filter (answer = 'rejected') as rejections,
        sum(late_approvals) as late_approvals
    from answers
    group by source, ticket_id
),

final as (
    select
        changes.*,
        case
            when changes.actual_start_at is null then null
            when counted.rejections > 0 then 'begun although an approver had rejected it'
            when coalesce(counted.approvals, 0) = 0 then 'begun without an approval'
            when counted.late_approvals > 0 then 'begun before the last approval'
            when changes.actual_start_at < changes.planned_start_at - to_minutes(control.grace_minutes)
                then 'begun before the approved window'
            when changes.actual_start_at > changes.planned_start_at + {{ hours('control.limit_hours') }}
                then 'begun after the approved window'
        end as breach
    from changes
    cross join control
    left join counted on changes.source = counted.source and changes.ticket_id = counted.ticket_id
)

select * from final
