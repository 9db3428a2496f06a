{{ config(
    materialized='daily_rows',
    pre_hook="{{ delete_new_days('known_on') }}",
) }}

with

-- Kept whole, so that tens of millions of events are read once.
views as materialized (
    select * from {{ ref('int_controls__customer_views') }} where {{ is_new('known_on') }}
),

people as (
    select * from {{ ref('int_controls__case_people') }}
    where valid_from <= {{ last_day() }} and customer_ref in (select customer_ref from views)
),

-- An anti join takes a third of the time of `not exists` (2026-11: 8 million views in 1.1 s instead of 3.5).
without_own_case as (
    select views.*
    from views
    anti join people
        on
            views.customer_ref = people.customer_ref
            and views.agent_id = people.agent_id
            and views.latest_at >= people.from_at
            and views.earliest_at <= people.to_at
            and views.known_on >= people.valid_from
            and views.known_on < people.valid_to
),

in_the_queue as (
    select distinct
        views.agent_id,
        views.customer_ref,
        views.occurred_at,
        views.known_on
    from without_own_case as views
    inner join {{ ref('int_controls__customer_cases') }} as cases
        on
            views.customer_ref = cases.customer_ref
            and views.latest_at >= cases.opened_at
            and views.earliest_at <= cases.ended_at
            and views.known_on >= cases.valid_from
            and views.known_on < cases.valid_to
    inner join {{ ref('int_hr__assignment_history') }} as assignments
        on
            cases.process_id = assignments.process_id
            and views.agent_id = assignments.worker_id
            and {{ is_valid('assignments', 'views.known_on') }}
            and views.occurred_on between assignments.assigned_from and coalesce(assignments.assigned_to, views.occurred_on)
),

without_case as (
    select * from without_own_case anti join in_the_queue using (agent_id, customer_ref, occurred_at, known_on)
),

counted as (
    select *, 1 as views, 0 as views_without_case from views
    union all
    select *, 0 as views, 1 as views_without_case from without_case
),

final as (
    select
        agent_id,
        occurred_on,
        known_on,
        delivery_id,
        sum(views)::integer as views,
        sum(views_without_case)::integer as views_without_case
    from counted
    group by agent_id, occurred_on, known_on, delivery_id
)

select * from final
