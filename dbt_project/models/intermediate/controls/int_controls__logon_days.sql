with

sharing as (
    {{ control_row('ACC-06') }}
),

travel as (
    {{ control_row('SEC-03') }}
),

logons as (
    select
        sequence.*,
        sequence.device_id != sequence.previous.device_id and (
            (
                (sequence.country != sequence.previous.country or sequence.site != sequence.previous.site)
                and sequence.occurred_at <= sequence.previous.occurred_at + to_minutes(sharing.grace_minutes)
            )
            or (
                sequence.device_id = sequence.second_previous.device_id
                and sequence.occurred_at <= sequence.second_previous.occurred_at + to_minutes(sharing.grace_minutes)
            )
        ) as is_overlapping,
        sequence.country != sequence.previous.country
        and sequence.occurred_at <= sequence.previous.occurred_at + {{ hours('travel.limit_hours') }} as is_travel
    from {{ ref('int_controls__logon_sequence') }} as sequence
    cross join sharing
    cross join travel
),

final as (
    select
        account_id,
        agent_id,
        kind,
        account_system_id,
        occurred_on,
        country,
        site,
        {{ tested_on('known_on') }} as tested_on,
        max(known_on) as known_on,
        count(*) as logons,
        count(device_id) as logons_with_device,
        count(*) filter (is_owner_away) as logons_owner_away,
        count(*) filter (is_overlapping) as logons_overlapping,
        min(previous.device_id || ' and ' || device_id) filter (is_overlapping) as devices,
        count(*) filter (is_travel) as logons_travel,
        min(previous.country || ' and ' || country) filter (is_travel) as travel_countries
    from logons
    group by all
)

select * from final
