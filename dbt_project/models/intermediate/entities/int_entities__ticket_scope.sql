{{ config(materialized='view') }}

with

days as (
    {{ day_spine() }}
),

tickets as (
    select * from {{ ref('int_tickets__ticket_history') }}
),

uncovered_days as (
    select
        on_date,
        on_date < coalesce((select min(valid_from) from {{ ref('int_hr__worker_history') }}), date '9999-12-31')
            as is_without_workers,
        on_date < coalesce((select min(valid_from) from {{ ref('int_ops__process_history') }}), date '9999-12-31')
            as is_without_processes,
    from days
    where is_without_workers or is_without_processes
),

final as (
    select
        uncovered_days.on_date,
        uncovered_days.is_without_workers,
        uncovered_days.is_without_processes,
        tickets.assignee_id as agent_id,
        tickets.process_id,
        count(distinct tickets.ticket_id)::integer as tickets,
    from uncovered_days
    inner join tickets on tickets.valid_from between uncovered_days.on_date - 89 and uncovered_days.on_date
    group by all
)

select * from final
