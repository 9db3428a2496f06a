{{ config(
    materialized='daily_rows',
    pre_hook="{{ delete_run_days('on_date') }}",
) }}

with

days as (
    {{ day_spine() }}
),

processes as (
    select * from {{ ref('int_ops__process_history') }}
),

headcounts as (
    select
        on_date,
        process_id,
        count(*)::integer as headcount,
    from {{ ref('int_entities__agent_day') }}
    where on_date between {{ first_day() }} and {{ last_day() }} and process_id is not null
    group by on_date, process_id
),

ticket_scope as (
    select *
    from {{ ref('int_entities__ticket_scope') }}
    where is_without_processes and process_id is not null
),

scope as (
    select
        days.on_date,
        processes.process_id,
        processes.name,
        processes.client_id,
        processes.site,
        processes.criticality,
        processes.regulated,
        'hr' as scope_source,
    from processes
    inner join days on {{ is_valid('processes', 'days.on_date') }}

    union all by name

    select distinct
        on_date,
        process_id,
        process_id as name,
        'tickets' as scope_source,
    from ticket_scope
),

final as (
    select
        scope.*,
        coalesce(headcounts.headcount, 0) as headcount,
    from scope
    left join headcounts on scope.on_date = headcounts.on_date and scope.process_id = headcounts.process_id
)

select * from final
