with

lists as (
    select distinct
        known_on,
        'accounts' as feed
    from {{ ref('int_feed__accounts') }}
    where known_on <= {{ last_day() }}
    union all
    select distinct
        known_on,
        'entitlements' as feed
    from {{ ref('int_feed__entitlements') }}
    where known_on <= {{ last_day() }}
    union all
    select distinct
        known_on,
        'workers' as feed
    from {{ ref('int_feed__workers') }}
    where known_on <= {{ last_day() }}
),

last_lists as (
    select
        known_on,
        max(max(known_on) filter (feed = 'accounts')) over (order by known_on) as accounts_on,
        max(max(known_on) filter (feed = 'entitlements')) over (order by known_on) as entitlements_on,
        max(max(known_on) filter (feed = 'workers')) over (order by known_on) as workers_on
    from lists
    group by known_on
),

final as (
    select
        known_on,
        {{ day_end_at('least(accounts_on, entitlements_on)') }} as seen_until,
        -- Without a list of workers it stays null: least() would pass over it.
        if(workers_on is null, null, {{ day_end_at('least(accounts_on, entitlements_on, workers_on)') }}) as holders_seen_until
    from last_lists
    where accounts_on is not null and entitlements_on is not null
)

select * from final
