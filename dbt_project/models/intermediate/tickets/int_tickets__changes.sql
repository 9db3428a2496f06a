{{ config(materialized='ephemeral') }}

with

history as (
    select
        *,
        status in ('resolved', 'closed') as is_finished,
        coalesce(sla_met = false or resolved_at > due_at, false) as is_breached,
    from {{ ref('int_tickets__ticket_history') }}
),

final as (
    select
        versions.ticket_id,
        versions.valid_from as on_date,
        versions.assignee_id as agent_id,
        versions.process_id,
        before.ticket_id is null as is_opened,
        versions.is_finished and not coalesce(before.is_finished, false) as is_finished,
        versions.is_breached and not coalesce(before.is_breached, false) as is_breached,
        versions.is_finished and not coalesce(before.is_finished, false) and versions.has_evidence = false as is_without_evidence,
        greatest(coalesce(versions.reopen_count, 0) - coalesce(before.reopen_count, 0), 0) as reopenings,
        greatest(coalesce(versions.reassignment_count, 0) - coalesce(before.reassignment_count, 0), 0) as reassignments,
    from history as versions
    left join history as before
        on
            versions.source = before.source
            and versions.ticket_id = before.ticket_id
            and versions.valid_from = before.valid_to
)

select * from final
