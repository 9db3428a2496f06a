with

source as (
    select *
    from {{ source('raw', 'canonical__findings') }}
    where {{ is_accepted() }}
),

final as (
    select
        finding_id,
        control_id,
        entity_kind,
        entity_id,
        {{ to_utc('occurred_at') }} as occurred_at,
        source as finding_source,
        severity,
        _occurred_on as occurred_on,
        {{ stamps('canonical') }},
    from source
)

select * from final
