-- Limits of changes: days until the first day on which the control sees the exception if nobody acts and work begins as planned.
-- A planned change without an approval is none of them: that somebody begins it all the same is a forecast and no arithmetic.
with

limits as (
    select * from {{ ref('control_library') }}
),

changes as (
    select
        dates.as_of_on,
        tickets.*,
        tickets.actual_start_at is not null or tickets.status in ('resolved', 'closed') as has_begun,
        coalesce(tickets.actual_start_at, tickets.closed_at, tickets.resolved_at, tickets.updated_at) as begun_at
    from {{ ref('int_features__dates') }} as dates
    inner join {{ ref('int_tickets__ticket_history') }} as tickets on {{ is_valid('tickets', 'dates.as_of_on') }}
    where tickets.kind = 'change' and tickets.status != 'cancelled'
),

approvals as (
    select
        changes.as_of_on,
        changes.ticket_id,
        approvals.approver_id,
        approvals.approver_id in (changes.opened_by, changes.assignee_id) as is_own
    from changes
    inner join {{ ref('int_feed__approvals') }} as approvals
        on changes.ticket_id = approvals.ticket_id and {{ is_visible('approvals', 'changes.as_of_on') }}
    where approvals.decision = 'approved'
),

-- One row per change, control and person that stands to break it.
limits_of_changes as (
    select changes.*, 'CHG-02' as control_id, approvals.approver_id as agent_id, changes.planned_start_at as ends_at
    from changes
    inner join approvals using (as_of_on, ticket_id)
    where not changes.has_begun and approvals.is_own
    union all by name
    select changes.*, 'CHG-04' as control_id, null as agent_id, changes.begun_at + {{ hours('limits.limit_hours') }} as ends_at
    from changes
    inner join limits on limits.control_id = 'CHG-04'
    anti join approvals using (as_of_on, ticket_id)
    where changes.has_begun and changes.change_type = 'emergency'
    union all by name
    select
        changes.*,
        'CHG-03' as control_id,
        null as agent_id,
        changes.begun_at + {{ hours('24 * limits.limit_days') }} as ends_at
    from changes
    inner join limits on limits.control_id = 'CHG-03'
    where
        changes.status = 'closed'
        and changes.change_type = 'emergency'
        and not (changes.has_risk_assessment and changes.has_test_plan and changes.has_backout_plan)
)

select
    as_of_on,
    process_id,
    agent_id,
    control_id,
    {{ local_date('ends_at') }} - as_of_on as days_left
from limits_of_changes
