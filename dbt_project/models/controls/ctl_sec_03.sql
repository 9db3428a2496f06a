with

places as (
    select * from {{ ref('int_controls__logon_places') }}
),

agent_days as (
    select
        agent_id,
        occurred_on,
        tested_on,
        any_value(process_id) as process_id,
        any_value(approved_countries) as approved_countries,
        max(known_on) as known_on,
        sum(logons) as logons,
        sum(logons) filter (is_approved_country is not null) as logons_judged,
        coalesce(sum(logons) filter (not is_approved_country), 0) as logons_abroad,
        min(country) filter (not is_approved_country) as country,
        coalesce(sum(logons) filter (not is_approved_site), 0) as logons_elsewhere,
        min(site) filter (not is_approved_site) as site,
        sum(logons_travel) as logons_travel,
        min(travel_countries) as travel_countries
    from places
    group by agent_id, occurred_on, tested_on
),

judged as (
    select
        *,
        agent_id || '|' || occurred_on as item_key,
        cast(occurred_on as timestamp) as occurred_at,
        cast(known_on as timestamp) as known_at,
        coalesce(logons_judged, logons) as exposure,
        logons_abroad > 0 or logons_travel > 0 as is_zero_tolerance,
        case
            when logons_travel + logons_abroad > 0 then true
            when approved_countries is not null and logons_elsewhere > 0 then true
            when logons_judged > 0 then false
        end as is_exception,
        case
            when logons_travel > 0 then 'log-ins from ' || travel_countries || ' too soon after each other'
            when logons_abroad > 0 then logons_abroad || ' log-ins from ' || country || ', which is not approved'
            when process_id is null then 'no process known'
            when approved_countries is null then 'no approved countries known for process ' || process_id
            when logons_elsewhere > 0 then logons_elsewhere || ' log-ins from site ' || site
            when coalesce(logons_judged, 0) < logons then 'log-ins from unknown countries left out'
        end as reason,
        'auth_events|' || agent_id || '|' || occurred_on as evidence
    from agent_days
),

final as (
    {{ control_items('SEC-03', 'judged', 'items.is_zero_tolerance') }}
)

select * from final
