{{ config(
    materialized='daily_rows',
    pre_hook="{{ delete_run_days('on_date') }}",
) }}

with

register as (
    select * from {{ ref('feed_register') }}
),

source_feeds as (
    select * from {{ ref('source_feeds') }}
),

deliveries as (
    select
        coalesce(source_feeds.feed, deliveries.feed) as feed,
        deliveries.status,
        coalesce(deliveries.first_known_on, deliveries.known_on, deliveries.delivered_on) as first_known_on,
        coalesce(deliveries.last_known_on, deliveries.known_on, deliveries.delivered_on) as last_known_on,
        min(deliveries.known_on) filter (deliveries.status = 'accepted') over (
            partition by deliveries.source, deliveries.feed, deliveries.folder
            order by deliveries.delivery_id rows between 1 following and unbounded following
        ) as replaced_on,
        deliveries.refusal_reason,
    from {{ source('ops', 'deliveries') }} as deliveries
    left join source_feeds on deliveries.source = source_feeds.source and deliveries.feed = source_feeds.source_table
),

days as (
    {{ day_spine() }}
),

known as (
    select
        register.feed,
        register.max_age_days,
        days.on_date,
        max(least(deliveries.last_known_on, days.on_date)) filter (deliveries.status = 'accepted') as last_known_on,
        max(deliveries.last_known_on) filter (deliveries.status = 'refused') as refused_on,
        max_by(deliveries.refusal_reason, deliveries.last_known_on) filter (deliveries.status = 'refused') as refusal_reason,
    from register
    cross join days
    left join deliveries
        on
            register.feed = deliveries.feed
            and days.on_date >= deliveries.first_known_on
            and (deliveries.status = 'accepted' or coalesce(days.on_date < deliveries.replaced_on, true))
    group by all
),

judged as (
    select
        *,
        case
            when refused_on > coalesce(last_known_on, date '0001-01-01') then 'refused'
            when last_known_on is null then 'absent'
            when on_date - last_known_on > max_age_days then 'stale'
            else 'fresh'
        end as status,
    from known
),

final as (
    select
        feed,
        on_date,
        status,
        last_known_on,
        case status
            when 'refused' then 'feed ' || feed || ' was refused on ' || refused_on || coalesce(': ' || refusal_reason, '')
            when 'absent' then 'feed ' || feed || ' is absent'
            when 'stale' then 'feed ' || feed || ' is stale: last known ' || last_known_on
        end as reason,
    from judged
)

select * from final
