{{ config(materialized='ephemeral') }}

with

control as (
    {{ control_row('SEC-04') }}
),

-- A day is judged when its log has had the hours of limit_hours to arrive.
final as (
    select
        days.known_on - control.lag_days as log_on,
        days.known_on,
        {{ tested_on('days.known_on') }} as tested_on
    from (
        select cast(spine.day as date) as known_on
        from generate_series({{ first_untested_day() }}, {{ last_day() }}, interval 1 day) as spine (day)
    ) as days
    cross join (select cast(ceil(limit_hours / 24) as integer) as lag_days from control) as control
)

select * from final
