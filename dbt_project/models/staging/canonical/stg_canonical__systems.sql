with

source as (
    select * from {{ source('raw', 'canonical__systems') }} where {{ is_accepted() }}
),

final as (
    select
        system_id,
        name,
        client_id,
        regulated,
        {{ to_date('snapshot_on') }} as snapshot_on,
        {{ stamps('canonical') }},
    from source
)

select * from final
