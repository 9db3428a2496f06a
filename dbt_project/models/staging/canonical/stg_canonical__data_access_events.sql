with

source as (
    select *
    from {{ source('raw', 'canonical__data_access_events') }}
    where {{ is_accepted() }}
),

final as (
    select
        event_id,
        {{ to_utc('occurred_at') }} as occurred_at,
        account_id,
        system_id,
        action,
        {{ to_integer('records', 'bigint') }} as records,
        customer_ref,
        ticket_id,
        _occurred_on as occurred_on,
        {{ stamps('canonical') }},
    from source
)

select * from final
