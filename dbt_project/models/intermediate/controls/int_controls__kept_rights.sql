{{ config(materialized='ephemeral') }}

with

items as (
    select * from {{ ref('int_controls__review_items') }} where decision = 'revoke' and executed_at is not null
),

lists as (
    select
        days.on_date,
        max(lists.seen_until) as seen_until
    from ({{ day_spine() }}) as days
    inner join {{ ref('int_controls__access_lists') }} as lists on days.on_date >= lists.known_on
    group by days.on_date
),

final as (
    select distinct
        items.on_date,
        items.campaign_id,
        items.item_id
    from items
    inner join lists on items.on_date = lists.on_date and items.executed_at <= lists.seen_until
    inner join {{ ref('int_access__account_history') }} as accounts
        on
            items.account_id = accounts.account_id
            and {{ is_valid('accounts', 'items.on_date') }}
            and accounts.is_enabled
            and (accounts.disabled_at is null or accounts.disabled_at > items.ends_at)
    left join {{ ref('int_access__entitlement_history') }} as rights
        on
            items.account_id = rights.account_id
            and items.entitlement = rights.entitlement
            and {{ is_valid('rights', 'items.on_date') }}
            and (rights.revoked_at is null or rights.revoked_at > items.ends_at)
            -- Given again since then is another grant.
            and items.executed_at >= rights.granted_at
    where items.entitlement is null or rights.account_id is not null
)

select * from final
