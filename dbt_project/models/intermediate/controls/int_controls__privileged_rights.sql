{{ config(materialized='ephemeral') }}

with

rights as (
    select * from {{ ref('int_controls__agent_rights') }} where is_privileged
),

profiles as (
    select
        job_role,
        entitlement,
        bool_or(is_privileged_allowed) as is_privileged_allowed
    from {{ ref('role_profiles') }}
    group by job_role, entitlement
),

profiled_roles as (
    select distinct job_role from profiles
),

-- What a source never fills it does not record; then an empty field says nothing.
recorded as (
    select
        min(valid_from) filter (request_ticket_id is not null) as tickets_from,
        min(valid_from) filter (approved_until is not null) as ends_from
    from {{ ref('int_access__entitlement_history') }}
),

approvals_begin as (
    select min(known_on) as approvals_from from {{ ref('int_feed__approvals') }}
),

final as (
    select
        rights.*,
        case
            when profiled_roles.job_role is not null then coalesce(profiles.is_privileged_allowed, false)
        end as is_allowed_by_role,
        case
            when rights.request_ticket_id is null then if(recorded.tickets_from <= rights.on_date, false, null)
            when tickets.status = 'cancelled' then false
            when approvals.approved_known_on <= rights.on_date then true
            -- An approval older than the list of approvals may be missing from it.
            when approvals_begin.approvals_from <= {{ local_date('rights.granted_at') }} then false
        end as is_approved,
        case
            when rights.approved_until is not null then rights.approved_until >= rights.on_date
            when recorded.ends_from <= rights.on_date then false
        end as is_within_end
    from rights
    cross join recorded
    cross join approvals_begin
    left join profiled_roles on rights.job_role = profiled_roles.job_role
    left join profiles on rights.job_role = profiles.job_role and rights.entitlement = profiles.entitlement
    left join {{ ref('int_controls__access_approvals') }} as approvals on rights.request_ticket_id = approvals.ticket_id
    left join {{ ref('int_tickets__ticket_history') }} as tickets
        on rights.request_ticket_id = tickets.ticket_id and {{ is_valid('tickets', 'rights.on_date') }}
)

select * from final
