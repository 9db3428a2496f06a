-- No ephemeral model: what is read twice in one statement is kept whole there, all days of it (DuckDB 2.0).
{{ config(materialized='view') }}

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
