with

source as (
    select *
    from {{ source('raw', 'canonical__acknowledgements') }}
    where {{ is_accepted() }}
),

final as (
    select
        worker_id,
        document_id,
        version,
        {{ to_utc('signed_at') }} as signed_at,
        _occurred_on as occurred_on,
        {{ stamps('canonical') }},
    from source
)

select * from final
