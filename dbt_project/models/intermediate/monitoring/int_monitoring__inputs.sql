{{ config(materialized='ephemeral') }}

-- Training rows are of one weekday, so only that weekday is compared: what was exported on a Monday is no Sunday's. Which inputs,
-- and why ratios are rounded: ml/monitoring.py, which takes the reference.
with

agents as (
    select * from {{ ref('ftr_agent') }} where {{ is_monitored_day('as_of_on') }}
),

processes as (
    select * from {{ ref('ftr_process') }} where {{ is_monitored_day('as_of_on') }}
),

inputs as (
    select
        'agent' as entity_kind,
        as_of_on,
        agent_id as entity_id,
        feature,
        value
    from agents
    unpivot include nulls (value for feature in (columns(* exclude (as_of_on, agent_id))))
    union all
    select
        'process' as entity_kind,
        as_of_on,
        process_id as entity_id,
        feature,
        value
    from processes
    unpivot include nulls (value for feature in (columns(* exclude (as_of_on, process_id))))
)

select
    inputs.* replace (case when inputs.feature like '%ratio%' then round(inputs.value, 2) else inputs.value end as value)
from inputs
inner join {{ ref('int_monitoring__models') }} as models
    on inputs.entity_kind = models.entity_kind and inputs.as_of_on > models.last_as_of_on
where not starts_with(inputs.feature, 'process_')
