with

seen as (
    select
        dates.as_of_on,
        daily.*,
        dates.as_of_on - daily.occurred_on as age_days
    from {{ ref('int_features__dates') }} as dates
    inner join {{ ref('int_access__data_agent_day') }} as daily
        on
            {{ in_window('daily.occurred_on', 56) }}
            and daily.known_on <= dates.as_of_on
    left join {{ source('ops', 'deliveries') }} as deliveries on daily.delivery_id = deliveries.delivery_id
    where deliveries.superseded_on is null or deliveries.superseded_on > dates.as_of_on
),

windows as (
    select
        as_of_on,
        agent_id,
        {{ window_sum('events', 28) }} as data_events_28d,
        {{ window_sum('events_off_shift', 28) }} as events_off_shift_28d,
        {{ window_sum('events_without_ticket', 28) }} as events_without_ticket_28d,
        {{ window_sum('unmask_events', 7) }} as reveals_7d,
        {{ window_sum('unmask_events', 28) }} as reveals_28d,
        {{ window_sum('unmask_events', 56) }} as reveals_56d,
        {{ window_sum('records_viewed', 1) }} as records_viewed_1d,
        {{ window_sum('records_viewed', 7) }} as records_viewed_7d,
        {{ window_sum('records_viewed', 28) }} as records_viewed_28d,
        {{ window_sum('records_viewed', 56) }} as records_viewed_56d,
        {{ window_sum('records_exported', 1) }} as records_exported_1d,
        {{ window_sum('records_exported', 7) }} as records_exported_7d,
        {{ window_sum('records_exported', 28) }} as records_exported_28d,
        {{ window_sum('records_exported', 56) }} as records_exported_56d,
        {{ window_days('occurred_on', 7) }} as data_days_7d,
        {{ window_days('occurred_on', 28) }} as data_days_28d,
        {{ window_days('occurred_on', 56) }} as data_days_56d,
        {{ window_weeks(56) }} as data_weeks_56d
    from seen
    group by as_of_on, agent_id
)

select
    *,
    {{ ratio('events_without_ticket_28d', 'data_events_28d') }} as events_without_ticket_ratio_28d,
    {{ trend('records_viewed_7d', 'data_days_7d', 'records_viewed_28d', 'data_days_28d') }} as records_viewed_trend_7d,
    {{ own_deviation('records_viewed_1d', 'records_viewed_56d', 'data_days_56d') }} as records_viewed_own_deviation_1d,
    {{ own_deviation('records_viewed_7d', 'records_viewed_56d', 'data_weeks_56d') }} as records_viewed_own_deviation_7d,
    {{ own_deviation('records_exported_1d', 'records_exported_56d', 'data_days_56d') }} as records_exported_own_deviation_1d,
    {{ own_deviation('records_exported_7d', 'records_exported_56d', 'data_weeks_56d') }} as records_exported_own_deviation_7d,
    {{ own_deviation('reveals_7d', 'reveals_56d', 'data_weeks_56d') }} as reveals_own_deviation_7d
from windows
