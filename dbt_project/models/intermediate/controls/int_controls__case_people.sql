{{ config(materialized='ephemeral') }}

with

owned as (
    select
        customer_ref,
        unnest([assignee_id, opened_by]) as agent_id,
        opened_at as from_at,
        ended_at as to_at,
        valid_from,
        valid_to
    from {{ ref('int_controls__customer_cases') }}
),

worked as (
    select
        steps.customer_ref,
        steps.agent_id,
        steps.occurred_at as from_at,
        steps.occurred_at as to_at,
        steps.known_on as valid_from,
        coalesce(deliveries.superseded_on, date '9999-12-31') as valid_to
    from {{ ref('int_controls__customer_steps') }} as steps
    left join {{ source('ops', 'deliveries') }} as deliveries on steps.delivery_id = deliveries.delivery_id
),

final as (
    select * from owned where agent_id is not null
    union all
    select * from worked
)

select * from final
