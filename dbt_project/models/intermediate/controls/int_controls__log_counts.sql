{{ config(
    materialized='daily_rows',
    pre_hook="{{ delete_new_days('known_on') }}",
) }}

with

events as (
    select 'auth_events' as feed, account_id, system_id, occurred_on, known_on, delivery_id
    from {{ ref('int_feed__auth_events') }}
    where {{ is_new('known_on') }}
    union all
    select 'data_access_events' as feed, account_id, system_id, occurred_on, known_on, delivery_id
    from {{ ref('int_feed__data_access_events') }}
    where {{ is_new('known_on') }}
),

-- Few rows per day: an account uses one system. So the accounts are asked about these, and not about each event.
account_days as (
    select
        feed, account_id, system_id, occurred_on, known_on, delivery_id,
        count(*) as events
    from events
    group by all
),

final as (
    select
        account_days.feed,
        coalesce(account_days.system_id, accounts.system_id) as system_id,
        account_days.occurred_on,
        account_days.known_on,
        account_days.delivery_id,
        sum(account_days.events)::integer as events
    from account_days
    left join {{ ref('int_access__account_history') }} as accounts
        on
            account_days.account_id = accounts.account_id
            and account_days.system_id is null
            and {{ is_valid('accounts', 'account_days.known_on') }}
    group by all
)

select * from final
