{{ config(
    materialized='daily_rows',
    pre_hook="{{ delete_new_days('known_on') }}",
) }}

with

events as (
    select * from {{ ref('int_feed__ticket_events') }} where actor_id is not null and {{ is_new('known_on') }}
),

cases as (
    select * from {{ ref('int_controls__customer_cases') }}
),

final as (
    select
        cases.customer_ref,
        events.actor_id as agent_id,
        events.occurred_at,
        events.known_on,
        events.delivery_id
    from events
    inner join cases
        on events.ticket_id = cases.ticket_id and events.known_on >= cases.valid_from and events.known_on < cases.valid_to
)

select * from final
