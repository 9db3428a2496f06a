with

source as (
    select *
    from {{ source('raw', 'canonical__access_review_items') }}
    where {{ is_accepted() }}
),

final as (
    select
        campaign_id,
        item_id,
        account_id,
        entitlement,
        {{ to_utc('due_at') }} as due_at,
        reviewer_id,
        decision,
        {{ to_utc('decided_at') }} as decided_at,
        {{ to_utc('executed_at') }} as executed_at,
        {{ to_utc('updated_at') }} as updated_at,
        {{ stamps('canonical') }},
    from source
)

select * from final
