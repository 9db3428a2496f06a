with

rights as (
    select * from {{ ref('int_controls__privileged_rights') }}
),

breaches as (
    select
        *,
        case
            when not is_allowed_by_role then 'job role ' || job_role || ' may not hold ' || entitlement
            when not is_approved and request_ticket_id is null then entitlement || ' held without a request ticket'
            when not is_approved then entitlement || ' held on request ' || request_ticket_id || ' that is not approved'
            when not is_within_end and approved_until is null then entitlement || ' held without an end date'
            when not is_within_end then entitlement || ' was approved until ' || approved_until
        end as breach
    from rights
),

judged_rights as (
    select
        agent_id,
        process_id,
        -- Renewed and run out again, or held in another job, is another item.
        concat_ws(
            '|', account_id, entitlement, cast(granted_at as date), request_ticket_id, approved_until, job_role
        ) as item_key,
        on_date as tested_on,
        greatest(granted_at, cast(if(not is_within_end, approved_until + 1, null) as timestamp)) as occurred_at,
        cast(valid_from as timestamp) as known_at,
        1 as exposure,
        case
            when breach is not null then true
            when is_allowed_by_role and is_approved and is_within_end then false
        end as is_exception,
        case
            when breach is not null then breach
            when is_allowed_by_role is null then 'no role profile for job role ' || coalesce(job_role, 'unknown')
            when is_approved is null then 'no list shows whether ' || entitlement || ' was requested and approved'
            when is_within_end is null then 'end dates are not recorded'
        end as reason,
        source_row as evidence
    from breaches
),

-- A right of which nobody says whether it is privileged: one item per agent says so.
unmarked as (
    select
        agent_id,
        any_value(process_id) as process_id,
        agent_id || '|not marked' as item_key,
        on_date as tested_on,
        max(granted_at) as occurred_at,
        cast(max(valid_from) as timestamp) as known_at,
        count(*) as exposure,
        cast(null as boolean) as is_exception,
        'not known whether ' || min(entitlement) || ' is privileged' as reason,
        min(source_row) as evidence
    from {{ ref('int_controls__agent_rights') }}
    where is_privileged is null
    group by agent_id, on_date
),

judged as (
    select * from judged_rights
    union all by name
    select * from unmarked
),

final as (
    {{ control_items('ACC-04', 'judged') }}
)

select * from final
