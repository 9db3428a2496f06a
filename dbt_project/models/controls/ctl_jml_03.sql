with

agents as (
    select * from {{ ref('int_entities__agent_day') }} where {{ is_run_day('on_date') }}
),

-- What the role profile gives to everybody in the job needs no request.
grants as (
    select
        grants.*,
        decisions.kind as ticket_kind,
        decisions.beneficiary_id,
        decisions.decision_before,
        decisions.is_approver_unclear,
        decisions.is_approved_by_self,
        decisions.is_approved_later,
        coalesce(decisions.opened_on, grants.granted_on) < grants.requests_begin_on as is_before_requests
    from {{ ref('int_controls__grants') }} as grants
    left join {{ ref('int_controls__grant_decisions') }} as decisions using (account_id, entitlement, granted_at, known_on)
    where not (grants.is_in_profile and coalesce(not grants.is_privileged, false))
),

looked_at as (
    select
        *,
        is_in_profile and is_privileged is null as is_maybe_birthright,
        case
            when granted_on < hire_date then 'granted before the hire date'
            when request_ticket_id is null then 'granted without a request'
            when ticket_kind is null and not is_before_requests then 'granted on a request that no ticket shows'
            when ticket_kind != 'access_request' then 'granted on a ticket that is no access request'
            when beneficiary_id != agent_id then 'granted on the request for somebody else'
            when decision_before = 'rejected' then 'granted although the request was rejected'
            when decision_before = 'approved' or is_approver_unclear then null
            when is_approved_by_self then 'approved by the person who asked for it or holds it'
            when is_approved_later then 'approved only after it was granted'
            when not is_before_requests then 'granted without an approval'
        end as breach
    from grants
),

judged as (
    select
        looked_at.agent_id,
        agents.process_id,
        looked_at.account_id || '|' || looked_at.entitlement || '|' || looked_at.granted_at as item_key,
        looked_at.tested_on,
        looked_at.granted_at as occurred_at,
        cast(looked_at.known_on as timestamp) as known_at,
        1 as exposure,
        looked_at.is_privileged,
        case
            when looked_at.breach is not null then if(looked_at.is_maybe_birthright, null, true)
            when looked_at.decision_before = 'approved' then false
        end as is_exception,
        looked_at.entitlement || ': ' || case
            when looked_at.breach is null and looked_at.decision_before = 'approved' then null
            when looked_at.is_maybe_birthright then 'not known whether it is privileged and needs a request'
            when looked_at.breach is not null then looked_at.breach
            when looked_at.is_approver_unclear then 'not known who asked, so the approver may be the same person'
            else 'the request is older than the tickets and approvals known'
        end as reason,
        looked_at.evidence
    from looked_at
    left join agents on looked_at.agent_id = agents.agent_id and looked_at.tested_on = agents.on_date
),

final as (
    {{ control_items('JML-03', 'judged', zero_tolerance='items.is_privileged') }}
)

select * from final
