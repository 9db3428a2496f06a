{{ config(materialized='view') }}

with

final as (
    select
        *,
        status in ('resolved', 'closed') as is_finished,
        coalesce(resolved_at, closed_at, updated_at) as finished_at,
        -- Three-valued: neither the flag nor the times known means unknown.
        case
            when status not in ('resolved', 'closed') then null
            when not sla_met or coalesce(resolved_at, closed_at) > due_at then true
            when sla_met or coalesce(resolved_at, closed_at) <= due_at then false
        end as is_late
    from {{ ref('int_tickets__ticket_history') }}
)

select * from final
