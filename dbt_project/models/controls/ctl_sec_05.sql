with

control as (
    {{ control_row('SEC-05') }}
),

-- The ticket's own date, or else the policy's days for its priority.
weaknesses as (
    select
        tickets.*,
        coalesce(tickets.finished_at, tickets.ends_at) as seen_at,
        case
            when tickets.due_at is not null then tickets.due_at
            when tickets.priority = 1 then tickets.opened_at + {{ hours('24 * control.limit_days') }}
            when tickets.priority is not null then tickets.opened_at + {{ hours('24 * control.limit_days_other') }}
        end as deadline_at,
        tickets.opened_at + {{ hours('24 * control.limit_days') }} as earliest_deadline_at,
        tickets.opened_at + {{ hours('24 * control.limit_days_other') }} as latest_deadline_at
    from {{ ref('int_controls__deadline_tickets') }} as tickets
    cross join control
    where tickets.kind = 'vulnerability'
),

-- Without date and priority only an age below the shorter limit or above the longer one says anything.
compared as (
    select
        *,
        case
            when deadline_at is not null then seen_at > deadline_at
            when seen_at > latest_deadline_at then true
            when seen_at <= earliest_deadline_at then false
        end as is_exception
    from weaknesses
),

judged as (
    select
        null as agent_id,
        process_id,
        ticket_id || '|' || coalesce(reopen_count, 0)
        || '|' || coalesce(cast(cast(deadline_at as date) as varchar), 'none') as item_key,
        on_date as tested_on,
        if(is_exception, coalesce(deadline_at, latest_deadline_at), updated_at) as occurred_at,
        updated_at as known_at,
        1 as exposure,
        priority,
        is_exception,
        case
            when is_exception and finished_at is null
                then 'open after its target ' || cast(coalesce(deadline_at, latest_deadline_at) as date)
            when is_exception then 'done after its target ' || cast(coalesce(deadline_at, latest_deadline_at) as date)
            when is_exception is null then 'neither a due date nor a priority is known'
        end as reason,
        source_row as evidence
    from compared
),

final as (
    {{ control_items('SEC-05', 'judged', zero_tolerance='items.priority = 1') }}
)

select * from final
