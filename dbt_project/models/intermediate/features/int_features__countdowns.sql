-- A limit that has run out is a failure already and leaves the countdown.
with

countdowns as (
    select *
    from {{ ref('int_features__agent_countdowns') }}
    where days_left >= 0
)

select
    as_of_on,
    'agent' as entity_kind,
    agent_id as entity_id,
    control_id,
    min(days_left) as days_until_limit
from countdowns
group by as_of_on, agent_id, control_id
union all
select
    as_of_on,
    'process' as entity_kind,
    process_id as entity_id,
    control_id,
    min(days_left) as days_until_limit
from countdowns
where process_id is not null
group by as_of_on, process_id, control_id
