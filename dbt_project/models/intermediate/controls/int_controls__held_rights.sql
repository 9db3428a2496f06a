{{ config(materialized='ephemeral') }}

with

accounts as (
    select * from {{ ref('int_access__account_history') }} where {{ is_human_account() }} and is_enabled
),

rights as (
    select * from {{ ref('int_access__entitlement_history') }}
),

-- The days on which both the account and the right were on the newest list.
final as (
    select
        accounts.worker_id as agent_id,
        accounts.system_id,
        rights.account_id,
        rights.entitlement,
        rights.is_privileged,
        rights.client_id,
        rights.request_ticket_id,
        rights.approved_until,
        rights.granted_at,
        rights.source_row,
        greatest(accounts.valid_from, rights.valid_from) as valid_from,
        least(accounts.valid_to, rights.valid_to) as valid_to,
        least(accounts.disabled_at, rights.revoked_at) as ends_at
    from rights
    inner join accounts
        on
            rights.account_id = accounts.account_id
            and (accounts.valid_to is null or rights.valid_from < accounts.valid_to)
            and (rights.valid_to is null or rights.valid_to > accounts.valid_from)
)

select * from final
