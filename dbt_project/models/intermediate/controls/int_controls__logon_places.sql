{{ config(materialized='ephemeral') }}

with

agents as (
    select * from {{ ref('int_entities__agent_day') }} where {{ is_run_day('on_date') }}
),

processes as (
    select * from {{ ref('int_ops__process_history') }}
),

logons as (
    select
        agent_id,
        occurred_on,
        tested_on,
        country,
        site,
        max(known_on) as known_on,
        sum(logons) as logons,
        sum(logons_travel) as logons_travel,
        min(travel_countries) as travel_countries
    from {{ ref('int_controls__logon_days') }}
    where kind != 'shared'
    group by all
),

placed as (
    select
        logons.*,
        agents.process_id,
        processes.approved_countries,
        agents.site as own_site,
        processes.site as process_site
    from logons
    left join agents on logons.agent_id = agents.agent_id and logons.tested_on = agents.on_date
    left join processes on agents.process_id = processes.process_id and {{ is_valid('processes', 'logons.tested_on') }}
),

final as (
    select
        *,
        -- Lists in one text, as the feed has them; null where either side is unknown.
        strpos(',' || replace(approved_countries, ' ', '') || ',', ',' || country || ',') > 0 as is_approved_country,
        strpos(',' || process_site || ',', ',' || site || ',') > 0 or site = own_site as is_approved_site
    from placed
)

select * from final
