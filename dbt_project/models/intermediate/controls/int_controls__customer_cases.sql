{{ config(materialized='ephemeral') }}

with

final as (
    select
        ticket_id,
        customer_ref,
        process_id,
        assignee_id,
        opened_by,
        opened_at,
        -- An open case has no end; nothing after the end of a finished one is work on it, unless a ticket event says so.
        case
            when status in ('resolved', 'closed', 'cancelled') then coalesce(resolved_at, closed_at, updated_at)
            else timestamp '9999-12-31'
        end as ended_at,
        valid_from,
        coalesce(valid_to, date '9999-12-31') as valid_to
    from {{ ref('int_tickets__ticket_history') }}
    where customer_ref is not null and opened_at is not null
)

select * from final
