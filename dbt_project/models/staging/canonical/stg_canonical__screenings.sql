with

source as (
    select *
    from {{ source('raw', 'canonical__screenings') }}
    where {{ is_accepted() }}
),

final as (
    select
        worker_id,
        kind,
        status,
        {{ to_utc('completed_at') }} as completed_at,
        {{ to_utc('expires_at') }} as expires_at,
        {{ to_utc('updated_at') }} as updated_at,
        {{ stamps('canonical') }},
    from source
)

select * from final
