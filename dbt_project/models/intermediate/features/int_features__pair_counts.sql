with

-- The trials of a pair: days of the last 90 on which the control could be judged and the person was already here.
evaluable as (
    select
        dates.as_of_on,
        days.control_id,
        count(*) filter (days.is_evaluable) as evaluable_days
    from {{ ref('int_features__dates') }} as dates
    inner join {{ ref('fct_control_days') }} as days on {{ in_window('days.on_date') }}
    group by dates.as_of_on, days.control_id
),

entities as (
    select
        as_of_on,
        'agent' as entity_kind,
        coalesce(process_id, '') as parent_id,
        agent_id as entity_id,
        tenure_days
    from {{ ref('int_features__agents') }}
    union all
    select
        as_of_on,
        'process' as entity_kind,
        'all' as parent_id,
        process_id as entity_id,
        null as tenure_days
    from {{ ref('int_features__process_people') }}
)

select
    entities.as_of_on,
    entities.entity_kind,
    entities.parent_id,
    entities.entity_id,
    evaluable.control_id as measure,
    greatest(least(evaluable.evaluable_days, entities.tenure_days + 1), coalesce(failures.failure_days_90d, 0)) as trials,
    coalesce(failures.failure_days_90d, 0) as successes
from entities
inner join evaluable on entities.as_of_on = evaluable.as_of_on
inner join {{ ref('control_library') }} as library
    on
        evaluable.control_id = library.control_id
        and library.is_implemented
        and library.entity_kinds in (entities.entity_kind, 'both')
left join {{ ref('int_features__pair_failures') }} as failures
    on
        entities.as_of_on = failures.as_of_on
        and entities.entity_kind = failures.entity_kind
        and entities.entity_id = failures.entity_id
        and evaluable.control_id = failures.control_id
