{{ config(materialized='ephemeral') }}

with

day_sums as (
    select
        counts.feed,
        counts.delivery_id,
        counts.known_on,
        counts.occurred_on,
        deliveries.superseded_on as visible_to,
        sum(counts.events) as events
    from {{ ref('int_controls__log_counts') }} as counts
    left join {{ source('ops', 'deliveries') }} as deliveries on counts.delivery_id = deliveries.delivery_id
    group by all
),

-- A few late events, or some after midnight, do not make the delivery of another day one of theirs.
delivered as (
    select
        feed,
        known_on,
        visible_to,
        max_by(occurred_on, events) as log_on
    from day_sums
    group by feed, delivery_id, known_on, visible_to
),

final as (
    select
        days.log_on,
        delivered.feed,
        bool_or(delivered.log_on = days.log_on) as is_delivered,
        bool_or(delivered.log_on = days.log_on - 1) as is_day_before_delivered
    from {{ ref('int_controls__log_days') }} as days
    inner join delivered
        on delivered.log_on between days.log_on - 1 and days.log_on and {{ is_visible('delivered', 'days.known_on') }}
    group by days.log_on, delivered.feed
)

select * from final
