{{ config(
    materialized='daily_rows',
    pre_hook="{{ delete_new_days('known_on') }}",
) }}

with

final as (
    select
        actor_id as agent_id,
        occurred_on,
        known_on,
        delivery_id,
        count(*)::integer as steps
    from {{ ref('int_feed__ticket_events') }}
    where actor_id is not null and {{ is_new('known_on') }}
    group by actor_id, occurred_on, known_on, delivery_id
)

select * from final
