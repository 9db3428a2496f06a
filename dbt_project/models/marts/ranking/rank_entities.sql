{{ config(
    materialized='daily_rows', incremental_strategy='append', on_schema_change='fail', pre_hook="{{ delete_run_days('as_of_on') }}"
) }}

with

-- A product as a sum of logarithms, added as decimals and rounded: another order of adding must not change the ranking.
risks as (
    select
        as_of_on,
        entity_kind,
        entity_id,
        min(served_by) as ranked_by,
        round(1 - exp({{ exact_sum('ln(1 - probability * (1 - 1e-12))') }}::double), 9) as probability_any,
        round(1 - exp({{ exact_sum('ln(1 - weighted_probability * (1 - 1e-12))') }}::double), 9) as risk,
        max(case when place = 1 then control_id end) as worst_control_id,
        max(case when place = 1 then probability end) as worst_control_probability,
        max(case when place = 1 then probability_lower end) as probability_lower,
        max(case when place = 1 then probability_upper end) as probability_upper,
        coalesce(bool_and(has_enough_evidence) filter (where place = 1), true) as has_enough_evidence,
        max(case when place = 1 then reasons end) as reasons,
        count(*)::integer as controls_scored
    from {{ ref('int_ranking__scores') }}
    group by as_of_on, entity_kind, entity_id
),

-- The rule counts every failure, those of controls that are broken already and therefore not forecast included.
failures as (
    select as_of_on, 'agent' as entity_kind, agent_id as entity_id, entity_exceptions_28d, entity_exceptions_90d
    from {{ ref('ftr_agent') }}
    union all
    select as_of_on, 'process' as entity_kind, process_id as entity_id, entity_exceptions_28d, entity_exceptions_90d
    from {{ ref('ftr_process') }}
),

open_exceptions as (
    select
        results.entity_kind,
        results.entity_id,
        sum(results.exceptions)::integer as open_exceptions
    from {{ ref('fct_control_results') }} as results
    inner join {{ ref('control_library') }} as library on results.control_id = library.control_id
    where results.on_date = {{ last_day() }} and library.item_kind = 'state'
    group by results.entity_kind, results.entity_id
)

select
    risks.*,
    row_number() over (
        partition by risks.as_of_on, risks.entity_kind
        order by
            risks.ranked_by asc,
            risks.has_enough_evidence desc,
            risks.risk desc nulls last,
            failures.entity_exceptions_28d desc nulls last,
            failures.entity_exceptions_90d desc nulls last,
            risks.entity_id asc
    )::integer as rank,
    coalesce(failures.entity_exceptions_28d, 0) as exceptions_28d,
    coalesce(failures.entity_exceptions_90d, 0) as exceptions_90d,
    coalesce(open_exceptions.open_exceptions, 0)::integer as open_exceptions
from risks
left join failures using (as_of_on, entity_kind, entity_id)
left join open_exceptions using (entity_kind, entity_id)
