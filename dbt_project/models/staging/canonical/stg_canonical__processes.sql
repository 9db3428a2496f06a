with

source as (
    select * from {{ source('raw', 'canonical__processes') }}
),

final as (
    select
        process_id,
        name,
        client_id,
        site,
        criticality,
        regulated,
        owner_id,
        approved_countries,
        {{ to_date('snapshot_on') }} as snapshot_on,
        _is_quarantined as is_quarantined,
        {{ stamps('canonical') }},
    from source
)

select * from final
