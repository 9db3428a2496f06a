{{ config(materialized='ephemeral') }}

with

control as (
    {{ control_row('ACC-06') }}
),

logons as (
    select * from {{ ref('int_controls__logons') }}
),

-- What the log-ins of the next day of an account are compared with, within the look-back of the library.
followed as (
    select
        last_logons.*,
        control.limit_days,
        lead(last_logons.known_on) over (partition by last_logons.account_id order by last_logons.known_on) as next_known_on
    from {{ ref('int_controls__last_logons') }} as last_logons
    cross join control
    where last_logons.known_on between {{ first_untested_day() }} - control.limit_days and {{ last_day() }}
),

carried as (
    select
        account_id,
        next_known_on as known_on,
        unnest(last_logons) as logon
    from followed
    where next_known_on between {{ first_untested_day() }} and known_on + limit_days
),

-- Each log-in meets only those known by the day it became known itself.
together as (
    select * from logons
    union all by name
    select account_id, known_on, logon.occurred_at, logon.device_id, logon.country, logon.site from carried
),

-- Who stays on one device in one country breaks nothing: the few others alone are put in order, which costs most.
mixed as (
    select
        account_id,
        known_on
    from together
    group by account_id, known_on
    having min(device_id) != max(device_id) or min(country) != max(country)
),

sequence as (
    select
        together.*,
        lag(struct_pack(occurred_at, device_id, country, site)) over earlier as previous,
        lag(struct_pack(occurred_at, device_id), 2) over earlier as second_previous
    from together
    semi join mixed using (account_id, known_on)
    window earlier as (partition by account_id, known_on order by occurred_at, device_id, country, site)
),

-- Carried log-ins have no day here: they were judged when they became known.
final as (
    select * from sequence where occurred_on is not null
    union all by name
    select logons.*
    from logons
    anti join mixed using (account_id, known_on)
)

select * from final
