with

changes as (
    select * from {{ ref('int_controls__change_steps') }} where step = 'started'
),

-- Each approval is an item of its own, from the day both it and the work are known: emergencies are approved afterwards.
approvals as (
    select
        changes.ticket_id,
        changes.process_id,
        changes.opened_by,
        changes.assignee_id,
        approvals.approver_id,
        approvals.decided_at,
        approvals.source_row,
        greatest(changes.known_on, approvals.known_on) as known_on
    from changes
    inner join {{ ref('int_feed__approvals') }} as approvals on changes.ticket_id = approvals.ticket_id
    where
        approvals.decision = 'approved'
        and {{ is_tested_now('greatest(changes.known_on, approvals.known_on)') }}
        and (approvals.visible_to is null or approvals.visible_to > greatest(changes.known_on, approvals.known_on))
),

judged as (
    select
        approver_id as agent_id,
        process_id,
        ticket_id || '|' || approver_id || '|' || decided_at as item_key,
        {{ tested_on('known_on') }} as tested_on,
        decided_at as occurred_at,
        cast(known_on as timestamp) as known_at,
        1 as exposure,
        case
            when approver_id = opened_by or approver_id = assignee_id then true
            when opened_by is not null and assignee_id is not null then false
        end as is_exception,
        case
            when approver_id = opened_by and approver_id = assignee_id then 'approved by who asked for it and carried it out'
            when approver_id = opened_by then 'approved by who asked for it'
            when approver_id = assignee_id then 'approved by who carried it out'
            when opened_by is null then 'who asked for the change is unknown'
            when assignee_id is null then 'who carried the change out is unknown'
        end as reason,
        source_row as evidence
    from approvals
),

final as (
    {{ control_items('CHG-02', 'judged') }}
)

select * from final
