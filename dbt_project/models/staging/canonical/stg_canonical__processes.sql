with

source as (
    select * from {{ source('raw', 'canonical__processes') }} where {{ is_accepted() }}
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
        {{ stamps('canonical') }},
    from source
)

select * from final
