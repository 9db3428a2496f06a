with

reveals as (
    select * from {{ ref('int_access__agent_data_uses') }} where action = 'unmask' and {{ is_tested_now('known_on') }}
),

systems as (
    select * from {{ ref('int_access__system_history') }}
),

-- The right is any entitlement whose name ends in unmask, on any account of the agent.
rights as (
    select
        accounts.worker_id as agent_id,
        rights.client_id,
        rights.granted_at,
        coalesce(rights.revoked_at, timestamp '9999-12-31') as revoked_at,
        coalesce(rights.approved_until, date '9999-12-31') as approved_until,
        greatest(rights.valid_from, accounts.valid_from) as valid_from,
        least(coalesce(rights.valid_to, date '9999-12-31'), coalesce(accounts.valid_to, date '9999-12-31')) as valid_to
    from {{ ref('int_access__entitlement_history') }} as rights
    inner join {{ ref('int_access__account_history') }} as accounts on rights.account_id = accounts.account_id
    where lower(rights.entitlement) like '%unmask' and accounts.worker_id is not null
),

-- A right for one client does not open the fields of another. On the day a list first lacks a right it may have been used before.
final as (
    select distinct reveals.event_id
    from reveals
    left join systems on reveals.system_id = systems.system_id and {{ is_valid('systems', 'reveals.known_on') }}
    inner join rights
        on
            reveals.agent_id = rights.agent_id
            and reveals.known_on between rights.valid_from and rights.valid_to
            and reveals.occurred_at >= rights.granted_at
            and reveals.occurred_at < rights.revoked_at
            and reveals.occurred_on <= rights.approved_until
            and coalesce(rights.client_id = systems.client_id, true)
)

select * from final
