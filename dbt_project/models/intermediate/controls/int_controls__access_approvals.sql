{{ config(materialized='ephemeral') }}

with

final as (
    select
        ticket_id,
        min(known_on) as approved_known_on
    from {{ ref('int_feed__approvals') }}
    where decision = 'approved' and known_on <= {{ last_day() }}
    group by ticket_id
)

select * from final
