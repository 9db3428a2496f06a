with

source as (
    select *
    from {{ source('raw', 'canonical__ticket_events') }}
    where {{ is_accepted() }}
),

final as (
    select
        event_id,
        ticket_id,
        {{ to_utc('occurred_at') }} as occurred_at,
        actor_id,
        step,
        _occurred_on as occurred_on,
        {{ stamps('canonical') }},
    from source
)

select * from final
