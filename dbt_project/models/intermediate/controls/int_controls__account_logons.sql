{{ config(
    materialized='daily_rows',
    pre_hook="{{ delete_new_days('known_on') }}",
) }}

with

logons as (
    select * from {{ ref('int_feed__auth_events') }} where outcome = 'success' and {{ is_new('known_on') }}
),

final as (
    select
        account_id,
        known_on,
        max(occurred_on) as last_logon_on
    from logons
    group by account_id, known_on
)

select * from final
