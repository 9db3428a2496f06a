{{ config(
    materialized='daily_rows', incremental_strategy='append', on_schema_change='fail', pre_hook="{{ delete_labels_of_run() }}"
) }}

-- Share of the window's days on which the control must have been judged before "no failure seen" may count as "no failure".
{%- set least_evaluable_ratio = 0.8 %}
{%- set horizons = ([7, 30, 90] + [run_value('horizon_days') | int]) | unique | list %}

with

pairs as (
    select
        cohort.*,
        horizons.horizon_days,
        cohort.as_of_on + horizons.horizon_days as window_end_on
    from {{ ref('int_cohort__pairs') }} as cohort
    cross join (select unnest({{ horizons }})::integer as horizon_days) as horizons
    {%- if is_incremental() %}
        where {{ is_label_of_run() }}
    {%- endif %}
),

-- A window without a row here has not passed.
windows as (
    select
        pairs.as_of_on,
        pairs.horizon_days,
        pairs.control_id,
        count(*) filter (days.is_evaluable) >= {{ least_evaluable_ratio }} * pairs.horizon_days as is_evaluable
    from (select distinct
        as_of_on,
        horizon_days,
        window_end_on,
        control_id
    from pairs) as pairs
    left join {{ ref('fct_control_days') }} as days
        on
            pairs.control_id = days.control_id
            and pairs.as_of_on < days.on_date
            and pairs.window_end_on >= days.on_date
    where pairs.window_end_on <= {{ last_judged_day() }}
    group by pairs.as_of_on, pairs.horizon_days, pairs.control_id
),

first_failures as (
    select
        pairs.as_of_on,
        pairs.horizon_days,
        pairs.entity_kind,
        pairs.entity_id,
        pairs.control_id,
        min(failures.failed_on) as failed_on
    from pairs
    inner join {{ ref('fct_failures') }} as failures
        on
            pairs.entity_kind = failures.entity_kind
            and pairs.entity_id = failures.entity_id
            and pairs.control_id = failures.control_id
            and pairs.as_of_on < failures.failed_on
            and pairs.window_end_on >= failures.failed_on
    where not failures.is_waived
    group by pairs.as_of_on, pairs.horizon_days, pairs.entity_kind, pairs.entity_id, pairs.control_id
)

select
    pairs.as_of_on,
    pairs.entity_kind,
    pairs.entity_id,
    pairs.control_id,
    pairs.horizon_days,
    case
        when windows.control_id is null then null
        when first_failures.failed_on is not null then true
        when windows.is_evaluable then false
    end as is_failure,
    case when windows.control_id is not null then first_failures.failed_on end as first_failed_on
from pairs
left join windows using (as_of_on, horizon_days, control_id)
left join first_failures using (as_of_on, horizon_days, entity_kind, entity_id, control_id)
