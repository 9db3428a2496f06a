{{ config(materialized='ephemeral') }}

with

days as (
    select
        days.*,
        coalesce(roster.status = 'fresh', false) as has_roster
    from {{ ref('int_controls__log_days') }} as days
    left join {{ ref('int_feeds__status') }} as roster on days.tested_on = roster.on_date and roster.feed = 'shifts'
),

agents as (
    select * from {{ ref('int_entities__agent_day') }} where {{ is_run_day('on_date') }} and process_id is not null
),

shifts as (
    select * from {{ ref('int_controls__log_shifts') }}
),

accounts as (
    select * from {{ ref('int_access__account_history') }} where {{ is_human_account() }} and is_enabled
),

systems as (
    select * from {{ ref('int_access__system_history') }}
),

-- Without a roster nobody can tell who was at work, so everybody counts as there.
holders as (
    select distinct
        days.log_on,
        days.known_on,
        accounts.system_id,
        agents.agent_id,
        agents.process_id,
        agents.client_id
    from days
    inner join agents on days.tested_on = agents.on_date
    left join shifts on agents.agent_id = shifts.agent_id and days.log_on = shifts.log_on
    inner join accounts on agents.agent_id = accounts.worker_id and {{ is_valid('accounts', 'days.known_on') }}
    where shifts.agent_id is not null or not days.has_roster
),

-- An account left over from another client does not make its system's gap a matter of this process.
final as (
    select
        holders.log_on,
        holders.known_on,
        holders.system_id,
        holders.process_id,
        any_value(systems.regulated) as regulated,
        any_value(systems.source_row) as source_row,
        count(*) as agents
    from holders
    inner join systems on holders.system_id = systems.system_id and {{ is_valid('systems', 'holders.known_on') }}
    where coalesce(systems.client_id = holders.client_id, true)
    group by holders.log_on, holders.known_on, holders.system_id, holders.process_id
)

select * from final
