with

source as (
    select * from {{ source('raw', 'canonical__entitlements') }}
),

final as (
    select
        account_id,
        entitlement,
        {{ to_boolean('is_privileged') }} as is_privileged,
        client_id,
        {{ to_utc('granted_at') }} as granted_at,
        {{ to_utc('revoked_at') }} as revoked_at,
        request_ticket_id,
        {{ to_date('approved_until') }} as approved_until,
        {{ to_date('snapshot_on') }} as snapshot_on,
        _is_quarantined as is_quarantined,
        {{ stamps('canonical') }},
    from source
)

select * from final
