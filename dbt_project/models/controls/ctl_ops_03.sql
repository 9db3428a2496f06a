with

control as (
    {{ control_row('OPS-03') }}
),

actions as (
    select
        tickets.*,
        control.limit_count,
        coalesce(coalesce(tickets.finished_at, tickets.ends_at) > tickets.due_at, false) as is_overdue
    from {{ ref('int_controls__deadline_tickets') }} as tickets
    cross join control
    where tickets.kind = 'remediation'
),

-- A due date that was moved makes another item: the old date is dealt with, and missing the new one is another failure.
compared as (
    select
        *,
        ticket_id || '|' || coalesce(reopen_count, 0)
        || '|' || coalesce(cast(cast(due_at as date) as varchar), 'none') as item_key,
        case
            when is_overdue and finished_at is null then 'open after its date ' || cast(due_at as date)
            when is_overdue then 'done after its date ' || cast(due_at as date)
            when postponements > limit_count then 'date moved ' || postponements || ' times'
            when status = 'closed' and not has_evidence then 'closed without proof of a re-test'
        end as breach,
        case
            when due_at is null then 'no due date is known'
            when status = 'closed' and has_evidence is null then 'whether it was re-tested is not recorded'
        end as unknown
    from actions
),

judged as (
    select
        null as agent_id,
        process_id,
        item_key,
        on_date as tested_on,
        if(is_overdue, due_at, updated_at) as occurred_at,
        updated_at as known_at,
        1 as exposure,
        is_overdue and priority = 1 as is_critical_overdue,
        case when breach is not null then true when unknown is null then false end as is_exception,
        coalesce(breach, unknown) as reason,
        source_row as evidence
    from compared
),

final as (
    {{ control_items('OPS-03', 'judged', zero_tolerance='items.is_critical_overdue') }}
)

select * from final
