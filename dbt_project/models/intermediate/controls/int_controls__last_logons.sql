{{ config(
    materialized='daily_rows',
    pre_hook="{{ delete_new_days('known_on') }}",
) }}

with

logons as (
    select * from {{ ref('int_controls__logons') }} where {{ is_new('known_on') }}
),

final as (
    select
        account_id,
        known_on,
        max(struct_pack(occurred_at, device_id, country, site), 2) as last_logons
    from logons
    group by account_id, known_on
)

select * from final
