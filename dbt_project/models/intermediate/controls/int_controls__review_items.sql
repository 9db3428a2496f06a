with

control as (
    {{ control_row('ACC-03') }}
),

-- How far the reviews known by each day reach: a day without a delivery is not a day without a decision.
days as (
    select
        on_date,
        {{ day_end_at('on_date') }} as ends_at,
        {{ day_end_at('last_known_on') }} as seen_until
    from {{ ref('int_feeds__status') }}
    where feed = 'access_review_items' and {{ is_run_day('on_date') }} and last_known_on is not null
),

versions as (
    select
        *,
        min(valid_from) filter (decision is not null) over item as decided_known_on,
        min(valid_from) filter (executed_at is not null) over item as executed_known_on
    from {{ ref('int_access__review_history') }}
    window item as (partition by source, campaign_id, item_id)
),

-- In the population from the due date or the decision on, for limit_days_other days after the last step, or while it is open.
final as (
    select
        days.*,
        versions.* exclude (source, valid_from, valid_to),
        cast(versions.valid_from as timestamp) as known_at,
        versions.decided_at + {{ hours('24 * control.limit_days') }} as execution_due_at,
        control.limit_days
    from days
    cross join control
    inner join versions on {{ is_valid('versions', 'days.on_date') }}
    where
        (versions.due_at <= days.ends_at or versions.decision is not null)
        and (
            versions.decision is null
            or (versions.decision = 'revoke' and versions.executed_at is null)
            or greatest(versions.due_at, versions.decided_at, versions.executed_at)
            + {{ hours('24 * control.limit_days_other') }} > days.ends_at
        )
)

select * from final
