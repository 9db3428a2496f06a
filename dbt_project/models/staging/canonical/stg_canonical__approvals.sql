with

source as (
    select *
    from {{ source('raw', 'canonical__approvals') }}
    where {{ is_accepted() }}
),

final as (
    select
        ticket_id,
        approver_id,
        decision,
        {{ to_utc('decided_at') }} as decided_at,
        _occurred_on as occurred_on,
        {{ stamps('canonical') }},
    from source
)

select * from final
