{{ config(materialized='ephemeral') }}

with

grants as (
    select * from {{ ref('int_controls__grants') }} where request_ticket_id is not null
),

approvals as (
    select * from {{ ref('int_feed__approvals') }} where known_on <= {{ last_day() }}
),

tickets as (
    select
        grants.account_id,
        grants.entitlement,
        grants.granted_at,
        grants.known_on,
        grants.tested_on,
        grants.agent_id,
        tickets.ticket_id,
        tickets.kind,
        tickets.beneficiary_id,
        tickets.opened_by,
        {{ local_date('tickets.opened_at') }} as opened_on
    from grants
    inner join {{ ref('int_tickets__ticket_history') }} as tickets
        on grants.request_ticket_id = tickets.ticket_id and {{ is_valid('tickets', 'grants.tested_on') }}
),

decisions as (
    select
        tickets.*,
        approvals.decision,
        approvals.decided_at,
        -- Unknown while nobody knows who asked, unless the holder decided.
        approvals.approver_id != tickets.agent_id and approvals.approver_id != tickets.opened_by as is_by_another
    from tickets
    left join approvals
        on tickets.ticket_id = approvals.ticket_id and {{ is_visible('approvals', 'tickets.tested_on') }}
),

final as (
    select
        account_id,
        entitlement,
        granted_at,
        known_on,
        any_value(kind) as kind,
        any_value(beneficiary_id) as beneficiary_id,
        any_value(opened_on) as opened_on,
        arg_max(decision, decided_at) filter (is_by_another and decided_at <= granted_at) as decision_before,
        coalesce(bool_or(is_by_another is null and decided_at <= granted_at) filter (decision = 'approved'), false)
            as is_approver_unclear,
        coalesce(bool_or(not is_by_another and decided_at <= granted_at) filter (decision = 'approved'), false)
            as is_approved_by_self,
        coalesce(bool_or(decided_at > granted_at) filter (decision = 'approved'), false) as is_approved_later
    from decisions
    group by account_id, entitlement, granted_at, known_on
)

select * from final
