-- A limit that has run out is a failure already and leaves the countdown.
with

countdowns as (
    select * from {{ ref('int_features__access_countdowns') }}
    union all by name
    select * from {{ ref('int_features__leaver_countdowns') }}
    union all by name
    select * from {{ ref('int_features__training_countdowns') }}
    union all by name
    select * from {{ ref('int_features__document_countdowns') }}
    union all by name
    select * from {{ ref('int_features__change_countdowns') }}
    union all by name
    select * from {{ ref('int_features__work_countdowns') }}
),

entities as (
    select *, 'agent' as entity_kind, agent_id as entity_id from countdowns where days_left > 0 and agent_id is not null
    union all
    select *, 'process' as entity_kind, process_id as entity_id from countdowns where days_left > 0 and process_id is not null
)

select
    as_of_on,
    entity_kind,
    entity_id,
    control_id,
    min(days_left) as days_until_limit,
    count(*) filter (days_left <= {{ run_value('horizon_days') }}) as limits_ahead
from entities
group by as_of_on, entity_kind, entity_id, control_id
