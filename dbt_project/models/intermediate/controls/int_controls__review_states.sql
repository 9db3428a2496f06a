with

final as (
    select
        reviews.*,
        accounts.last_worker_id,
        accounts.process_id,
        kept_rights.item_id is not null as is_kept
    from {{ ref('int_controls__review_items') }} as reviews
    left join {{ ref('int_controls__account_processes') }} as accounts
        on reviews.account_id = accounts.account_id and reviews.on_date = accounts.on_date
    left join {{ ref('int_controls__kept_rights') }} as kept_rights
        on
            reviews.campaign_id = kept_rights.campaign_id
            and reviews.item_id = kept_rights.item_id
            and reviews.on_date = kept_rights.on_date
)

select * from final
