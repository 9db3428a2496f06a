with

-- A right is looked at in the first lists that reach to the end of its time limit. That of the workers is one of them: who has
-- left by then is none of JML-02's.
moves as (
    select
        moves.worker_id as agent_id,
        moves.effective_on,
        moves.deadline_at,
        greatest(moves.known_on, min(lists.known_on)) as list_on
    from {{ ref('int_controls__moves') }} as moves
    inner join {{ ref('int_controls__access_lists') }} as lists on moves.deadline_at <= lists.holders_seen_until
    group by moves.worker_id, moves.effective_on, moves.deadline_at, moves.known_on
    having {{ is_tested_now('greatest(moves.known_on, min(lists.known_on))') }}
),

accounts as (
    select
        *,
        lead(valid_from) over (partition by source, account_id order by valid_from) as replaced_on
    from {{ ref('int_access__account_history') }}
    where {{ is_human_account() }}
),

rights as (
    select
        *,
        lead(valid_from) over (partition by source, account_id, entitlement order by valid_from) as replaced_on
    from {{ ref('int_access__entitlement_history') }}
),

-- The last that was known of each right: also of one that the lists no longer have.
seen as (
    select
        moves.*,
        accounts.account_id,
        rights.entitlement,
        rights.is_privileged,
        rights.client_id,
        rights.granted_at,
        rights.source_row as evidence,
        least(rights.revoked_at, accounts.disabled_at) as removed_at,
        least(
            if(rights.valid_to <= moves.list_on, rights.valid_to, null),
            if(accounts.valid_to <= moves.list_on, accounts.valid_to, null),
            if(accounts.is_enabled or accounts.disabled_at is not null, null, accounts.valid_from)
        ) as gone_on
    from moves
    inner join accounts
        on
            moves.agent_id = accounts.worker_id
            and moves.list_on >= accounts.valid_from
            and (accounts.replaced_on is null or moves.list_on < accounts.replaced_on)
    inner join rights
        on
            accounts.account_id = rights.account_id
            and moves.list_on >= rights.valid_from
            and (rights.replaced_on is null or moves.list_on < rights.replaced_on)
),

final as (
    select
        *,
        case
            when least(removed_at, {{ day_end_at('gone_on') }}) <= deadline_at then false
            -- Gone from a list later than the limit, and nothing says since when.
            when removed_at is null and gone_on is not null then null
            else true
        end as is_late
    from seen
    where
        {{ local_date('granted_at') }} < effective_on
        and (removed_at is null or {{ local_date('removed_at') }} >= effective_on)
        and (gone_on is null or gone_on >= effective_on)
)

select * from final
