with

lists as (
    select distinct
        known_on,
        true as is_accounts
    from {{ ref('int_feed__accounts') }}
    where known_on <= {{ last_day() }}

    union all

    select distinct
        known_on,
        false as is_accounts
    from {{ ref('int_feed__entitlements') }}
    where known_on <= {{ last_day() }}
),

last_lists as (
    select
        known_on,
        max(max(known_on) filter (is_accounts)) over (order by known_on) as accounts_on,
        max(max(known_on) filter (not is_accounts)) over (order by known_on) as entitlements_on
    from lists
    group by known_on
),

final as (
    select
        known_on,
        {{ day_end_at('least(accounts_on, entitlements_on)') }} as seen_until
    from last_lists
    where accounts_on is not null and entitlements_on is not null
)

select * from final
