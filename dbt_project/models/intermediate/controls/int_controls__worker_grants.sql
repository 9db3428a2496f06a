with

rights as (
    select * from {{ ref('int_controls__held_rights') }} where granted_at is not null
),

lists as (
    select min(valid_from) as begin_on from {{ ref('int_access__entitlement_history') }}
),

-- A new version of the account or the right is not a new grant.
grants as (
    select
        agent_id,
        account_id,
        entitlement,
        client_id,
        granted_at,
        min(valid_from) as known_on,
        min_by(source_row, valid_from) as source_row
    from rights
    group by agent_id, account_id, entitlement, client_id, granted_at
),

final as (
    select
        grants.*,
        {{ local_date('grants.granted_at') }} < lists.begin_on as is_before_lists
    from grants
    cross join lists
)

select * from final
