with

source as (
    select * from {{ source('raw', 'canonical__systems') }}
),

final as (
    select
        system_id,
        name,
        client_id,
        regulated,
        {{ to_date('snapshot_on') }} as snapshot_on,
        _is_quarantined as is_quarantined,
        {{ stamps('canonical') }},
    from source
)

select * from final
