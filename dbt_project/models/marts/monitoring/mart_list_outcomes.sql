{{ config(materialized='table') }}

with

judged as (
    select * from {{ ref('int_monitoring__judged_entities') }}
),

served as (
    select
        as_of_on,
        entity_kind,
        'served' as origin,
        min(horizon_days) as horizon_days,
        min(ranked_by) as ranked_by,
        count(*) filter (is_listed) as list_size,
        sum(probability_any) filter (is_listed) as expected,
        bool_and(is_matured) as matured,
        count(*) filter (is_listed and is_failed) as failed,
        count(*) filter (is_listed_by_rule and is_failed) as rule_failed,
        count(*) filter (is_listed and is_intervened) as intervened,
        count(*) filter (is_listed and is_intervened and is_failed) as intervened_failed
    from judged
    group by as_of_on, entity_kind
),

backtested as (
    select
        as_of_on,
        entity_kind,
        'backtest' as origin,
        horizon_days,
        'model' as ranked_by,
        list_size,
        expected,
        true as matured,
        failed,
        rule_failed,
        0 as intervened,
        0 as intervened_failed
    from {{ source('ml', 'backtested_lists') }}
    where as_of_on + horizon_days <= {{ last_day() }}
),

together as (
    select * from served
    union all by name
    select * from backtested
)

select
    as_of_on,
    entity_kind,
    origin,
    horizon_days::integer as horizon_days,
    ranked_by,
    list_size::integer as list_size,
    expected,
    matured,
    case when matured then failed end::integer as failed,
    case when matured then rule_failed end::integer as rule_failed,
    intervened::integer as intervened,
    case when matured then intervened_failed end::integer as intervened_failed
from together
