{{ config(materialized='ephemeral') }}

with

events as (
    select * from {{ ref('int_feed__data_access_events') }}
),

accounts as (
    select *
    from {{ ref('int_access__account_history') }}
    where {{ is_human_account() }}
),

final as (
    select
        accounts.worker_id as agent_id,
        events.*,
    from events
    inner join accounts on events.account_id = accounts.account_id and {{ is_valid('accounts', 'events.known_on') }}
)

select * from final
