{{ config(materialized='view') }}

with

history as (
    select * from {{ ref('int_tickets__ticket_history') }}
),

firsts as (
    select
        source,
        ticket_id,
        min(valid_from) as first_valid_from
    from history
    group by source, ticket_id
),

final as (
    select
        history.*,
        status in ('resolved', 'closed') as is_finished,
        coalesce(resolved_at, closed_at, updated_at) as finished_at,
        -- Three-valued: neither the flag nor the times known means unknown.
        case
            when status not in ('resolved', 'closed') then null
            when not sla_met or coalesce(resolved_at, closed_at) > due_at then true
            when sla_met or coalesce(resolved_at, closed_at) <= due_at then false
        end as is_late,
        history.valid_from = firsts.first_valid_from as is_first
    from history
    inner join firsts on history.source = firsts.source and history.ticket_id = firsts.ticket_id
)

select * from final
