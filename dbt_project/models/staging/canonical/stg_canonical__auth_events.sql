with

source as (
    select *
    from {{ source('raw', 'canonical__auth_events') }}
    where {{ is_accepted() }}
),

final as (
    select
        event_id,
        {{ to_utc('occurred_at') }} as occurred_at,
        account_id,
        system_id,
        outcome,
        {{ to_boolean('is_mfa') }} as is_mfa,
        country,
        site,
        device_id,
        {{ to_boolean('is_managed_device') }} as is_managed_device,
        _occurred_on as occurred_on,
        {{ stamps('canonical') }},
    from source
)

select * from final
