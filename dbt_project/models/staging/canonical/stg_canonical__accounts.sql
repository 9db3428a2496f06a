with

source as (
    select * from {{ source('raw', 'canonical__accounts') }}
),

final as (
    select
        account_id,
        worker_id,
        system_id,
        kind,
        {{ to_boolean('is_enabled') }} as is_enabled,
        {{ to_utc('created_at') }} as created_at,
        {{ to_utc('disabled_at') }} as disabled_at,
        {{ to_boolean('is_mfa_enrolled') }} as is_mfa_enrolled,
        {{ to_date('snapshot_on') }} as snapshot_on,
        _is_quarantined as is_quarantined,
        {{ stamps('canonical') }},
    from source
)

select * from final
