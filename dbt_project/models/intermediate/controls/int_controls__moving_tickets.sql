{{ config(materialized='ephemeral') }}

with

-- A ticket takes a step only when something new is known of it, or when its due day ends.
moving as (
    select distinct source, ticket_id
    from {{ ref('int_controls__ticket_versions') }}
    where {{ is_new('valid_from') }} or (not is_finished and {{ is_new(local_date('due_at')) }})
),

final as (
    select * from {{ ref('int_controls__ticket_versions') }} semi join moving using (source, ticket_id)
)

select * from final
