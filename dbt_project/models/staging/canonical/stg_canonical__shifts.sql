with

source as (
    select *
    from {{ source('raw', 'canonical__shifts') }}
    where {{ is_accepted() }}
),

final as (
    select
        worker_id,
        {{ to_utc('starts_at') }} as starts_at,
        {{ to_utc('ends_at') }} as ends_at,
        kind,
        {{ to_boolean('is_approved') }} as is_approved,
        {{ to_utc('updated_at') }} as updated_at,
        {{ stamps('canonical') }},
    from source
)

select * from final
