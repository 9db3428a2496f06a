with

agents as (
    select * from {{ ref('int_entities__agent_day') }} where {{ is_run_day('on_date') }}
),

view_days as (
    select * from {{ ref('int_controls__view_days') }}
),

-- The day up to which tickets are known. Tickets may be days old when the views of today arrive.
ticket_days as (
    select
        on_date,
        last_known_on
    from {{ ref('int_feeds__status') }}
    where feed = 'tickets' and {{ is_run_day('on_date') }}
),

compared as (
    select
        view_days.*,
        agents.process_id,
        views_without_case > day_limit or coalesce(recent_views_without_case > recent_limit, false) as is_over_limit,
        views_without_case > 0 and coalesce(ticket_days.last_known_on < view_days.occurred_on, true) as is_unknown
    from view_days
    left join agents on view_days.agent_id = agents.agent_id and view_days.tested_on = agents.on_date
    left join ticket_days on view_days.tested_on = ticket_days.on_date
),

judged as (
    select
        agent_id,
        process_id,
        agent_id || '|' || occurred_on as item_key,
        tested_on,
        cast(occurred_on as timestamp) as occurred_at,
        cast(known_on as timestamp) as known_at,
        views as exposure,
        case when not is_unknown then is_over_limit and views_without_case > 0 end as is_exception,
        case
            when is_unknown then 'the tickets of the day are not known yet'
            when views_without_case > day_limit
                then views_without_case || ' of ' || views || ' views without a case of the customer'
            when is_over_limit
                then
                    recent_views_without_case || ' of ' || recent_views || ' views in ' || limit_days
                    || ' days without a case of the customer'
            when views_without_case > 0 then views_without_case || ' views without a case, within the limit'
        end as reason,
        'data_access_events|' || agent_id || '|' || occurred_on as evidence
    from compared
),

final as (
    {{ control_items('DATA-01', 'judged') }}
)

select * from final
