{{ config(materialized='daily_rows', incremental_strategy='append', pre_hook="{{ delete_run_days('as_of_on') }}") }}

with

entities as (
    select
        on_date as as_of_on,
        'agent' as entity_kind,
        agent_id as entity_id
    from {{ ref('int_entities__agent_day') }}
    union all
    select
        on_date as as_of_on,
        'process' as entity_kind,
        process_id as entity_id
    from {{ ref('int_entities__process_day') }}
),

-- A state that is already broken cannot break: its next failure needs a repair first, and that is not what is forecast.
open_exceptions as (
    select
        results.on_date as as_of_on,
        results.entity_kind,
        results.entity_id,
        results.control_id
    from {{ ref('fct_control_results') }} as results
    inner join {{ ref('control_library') }} as library on results.control_id = library.control_id
    where
        library.item_kind = 'state'
        and results.has_exception
        and results.on_date in (select dates.as_of_on from {{ ref('int_features__dates') }} as dates)
)

select
    entities.as_of_on,
    entities.entity_kind,
    entities.entity_id,
    days.control_id
from entities
inner join {{ ref('fct_control_days') }} as days on entities.as_of_on = days.on_date and days.is_evaluable
inner join {{ ref('control_library') }} as library
    on
        days.control_id = library.control_id
        and library.is_implemented
        and library.entity_kinds in (entities.entity_kind, 'both')
left join open_exceptions
    on
        entities.as_of_on = open_exceptions.as_of_on
        and entities.entity_kind = open_exceptions.entity_kind
        and entities.entity_id = open_exceptions.entity_id
        and days.control_id = open_exceptions.control_id
where
    entities.as_of_on in (select dates.as_of_on from {{ ref('int_features__dates') }} as dates)
    and open_exceptions.control_id is null
