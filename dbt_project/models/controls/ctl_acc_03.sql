with

-- Decided or carried out late: an exception until the day that became known, and repaired from the next day on.
reviews as (
    select
        *,
        'review' as part,
        due_at as occurred_at,
        case
            when decision is null and due_at <= seen_until then 'not decided by the due date'
            when reviewer_id = last_worker_id then 'decided by the holder of the account'
            when decided_at > due_at and on_date = decided_known_on then 'decided after the due date'
        end as breach,
        case
            when decision is null then 'no delivery of the review since the due date'
            when decided_at is null then 'not known when it was decided'
            when not is_listed then 'no list shows the account, so its holder is not known'
            when reviewer_id is null and last_worker_id is not null then 'not known who decided'
        end as doubt
    from {{ ref('int_controls__review_states') }}
),

revocations as (
    select
        *,
        'revocation' as part,
        execution_due_at as occurred_at,
        case
            when executed_at is null and execution_due_at <= seen_until
                then 'revocation not carried out in ' || limit_days || ' days'
            when is_kept then 'recorded as revoked, but the access is still there'
            when executed_at > execution_due_at and on_date = executed_known_on
                then 'revocation carried out after ' || limit_days || ' days'
        end as breach,
        case
            when executed_at is null and execution_due_at <= ends_at
                then 'no delivery of the review since the revocation fell due'
            when execution_due_at is null then 'not known when the revocation was decided'
            when not is_listed then 'no list shows the account, so nothing shows whether its access is gone'
        end as doubt
    from {{ ref('int_controls__review_states') }}
    where decision = 'revoke'
),

parts as (
    select * from reviews
    union all by name
    select * from revocations
),

judged as (
    select
        null as agent_id,
        process_id,
        campaign_id || '|' || item_id || '|' || part as item_key,
        on_date as tested_on,
        occurred_at,
        known_at,
        1 as exposure,
        part = 'review' as is_strict,
        case when breach is not null then true when doubt is null then false end as is_exception,
        coalesce(breach, doubt) as reason,
        source_row as evidence
    from parts
),

final as (
    {{ control_items('ACC-03', 'judged', zero_tolerance='items.is_strict') }}
)

select * from final
