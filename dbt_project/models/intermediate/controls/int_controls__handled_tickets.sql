{{ config(
    materialized='daily_rows',
    pre_hook="{{ delete_new_days('known_on') }}",
) }}

with

versions as (
    select * from {{ ref('int_tickets__ticket_history') }}
    where
        assignee_id is not null
        and process_id is not null
        and status not in ('new', 'cancelled')
        and {{ is_new('valid_from') }}
),

final as (
    select
        assignee_id as agent_id,
        process_id,
        valid_from as known_on,
        min(updated_at) as handled_at,
        min_by(source_row, updated_at) as source_row
    from versions
    group by assignee_id, process_id, valid_from
)

select * from final
