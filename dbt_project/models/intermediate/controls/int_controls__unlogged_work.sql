{{ config(materialized='ephemeral') }}

with

days as (
    select
        days.*,
        coalesce(roster.status = 'fresh', false) as has_roster
    from {{ ref('int_controls__log_days') }} as days
    left join {{ ref('int_feeds__status') }} as roster on days.tested_on = roster.on_date and roster.feed = 'shifts'
),

work as (
    select
        work.*,
        deliveries.superseded_on as visible_to
    from {{ ref('int_controls__ticket_work') }} as work
    left join {{ source('ops', 'deliveries') }} as deliveries on work.delivery_id = deliveries.delivery_id
),

logins as (
    select
        logins.*,
        deliveries.superseded_on as visible_to
    from {{ ref('int_access__auth_agent_day') }} as logins
    left join {{ source('ops', 'deliveries') }} as deliveries on logins.delivery_id = deliveries.delivery_id
),

accounts as (
    select * from {{ ref('int_access__account_history') }} where {{ is_human_account() }}
),

-- Tickets also close by themselves in the name of their owner, so only who was on shift is held to have worked.
workers as (
    select distinct
        days.*,
        work.agent_id,
        coalesce(shifts.is_overnight, true) as is_overnight
    from days
    inner join work on days.log_on = work.occurred_on and {{ is_visible('work', 'days.known_on') }}
    left join {{ ref('int_controls__log_shifts') }} as shifts on work.agent_id = shifts.agent_id and days.log_on = shifts.log_on
    -- Before a list shows an account of a joiner, nobody can tell whose log-ins they are.
    semi join accounts
        on
            work.agent_id = accounts.worker_id
            and {{ is_valid('accounts', 'days.log_on - cast(coalesce(shifts.is_overnight, true) as integer)') }}
    where shifts.agent_id is not null or not days.has_roster
),

-- Whoever works through midnight may have logged in on the other side of it.
unlogged as (
    select workers.*
    from workers
    anti join logins
        on
            workers.agent_id = logins.agent_id
            and logins.occurred_on between workers.log_on - cast(workers.is_overnight as integer)
            and workers.log_on + cast(workers.is_overnight as integer)
            and {{ is_visible('logins', 'workers.known_on') }}
),

final as (
    select
        workers.log_on,
        workers.known_on,
        workers.tested_on,
        workers.agent_id,
        case
            when unlogged.agent_id is null then false
            when deliveries.is_delivered and (deliveries.is_day_before_delivered or not workers.is_overnight) then true
        end as is_unlogged
    from workers
    left join unlogged on workers.agent_id = unlogged.agent_id and workers.log_on = unlogged.log_on
    left join {{ ref('int_controls__log_deliveries') }} as deliveries
        on workers.log_on = deliveries.log_on and deliveries.feed = 'auth_events'
)

select * from final
