with

reviews as (
    select * from {{ ref('int_controls__review_items') }}
),

listed as (
    select
        reviews.*,
        accounts.last_worker_id,
        accounts.process_id,
        true as is_listed
    from reviews
    inner join {{ ref('int_controls__account_processes') }} as accounts
        on reviews.account_id = accounts.account_id and reviews.on_date = accounts.on_date
),

-- An account that no list ever showed has no owner who leads to a process. The one of the reviewer has the review in hand, and
-- where that is not known either, it is every process as in ACC-01.
unlisted as (
    select
        reviews.*,
        coalesce(reviewers.process_id, processes.process_id) as process_id,
        false as is_listed
    from reviews
    anti join listed on reviews.account_id = listed.account_id and reviews.on_date = listed.on_date
    left join {{ ref('int_controls__last_processes') }} as reviewers
        on reviews.reviewer_id = reviewers.worker_id and {{ is_valid('reviewers', 'reviews.on_date') }}
    left join {{ ref('int_entities__process_day') }} as processes
        on reviews.on_date = processes.on_date and reviewers.process_id is null
),

states as (
    select * from listed
    union all by name
    select * from unlisted
),

final as (
    select
        states.*,
        kept_rights.item_id is not null as is_kept
    from states
    left join {{ ref('int_controls__kept_rights') }} as kept_rights
        on
            states.campaign_id = kept_rights.campaign_id
            and states.item_id = kept_rights.item_id
            and states.on_date = kept_rights.on_date
)

select * from final
