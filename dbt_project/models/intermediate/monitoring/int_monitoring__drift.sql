{{ config(materialized='ephemeral') }}

with

inputs as (
    select * from {{ ref('int_monitoring__input_psi') }}
),

models as (
    select
        *,
        {{ last_day() }} - outcomes_through_on as age_days
    from {{ ref('int_monitoring__models') }}
),

statuses as (
    select
        entity_kind,
        count(*) as pairs,
        count(*) filter (status in ('not_evaluable', 'error')) as unjudged
    from {{ ref('mart_control_status') }}
    where on_date = {{ last_day() }}
    group by entity_kind
)

select
    entity_kind,
    'input_psi' as measure,
    feature as name,
    value,
    limit_value,
    value <= limit_value as is_ok,
    detail
from inputs
union all by name
select
    entity_kind,
    'drifted_inputs_ratio' as measure,
    count(*) filter (value > limit_value) / count(*) as value,
    {{ drifted_inputs_limit() }} as limit_value,
    count(*) filter (value > limit_value) <= {{ drifted_inputs_limit() }} * count(*) as is_ok,
    count(*) filter (value > limit_value) || ' of ' || count(*) || ' inputs' as detail
from inputs
group by entity_kind
union all by name
select
    entity_kind,
    'score_psi' as measure,
    value,
    limit_value,
    value <= limit_value as is_ok,
    detail
from {{ ref('int_monitoring__score_psi') }}
union all by name
select
    entity_kind,
    'champion_age_days' as measure,
    case when champion_version is not null then age_days end as value,
    {{ run_value('champion_max_age_days') }} as limit_value,
    champion_version is null or age_days <= {{ run_value('champion_max_age_days') }} as is_ok,
    case
        when champion_version is null then 'no champion: the rule serves'
        else 'version ' || champion_version || coalesce(' has seen outcomes up to ' || outcomes_through_on, ', trained elsewhere')
    end as detail
from models
union all by name
select
    entity_kind,
    'not_evaluable_ratio' as measure,
    unjudged / pairs as value,
    0.2 as limit_value,
    unjudged <= 0.2 * pairs as is_ok,
    unjudged || ' of ' || pairs || ' pairs of entity and control' as detail
from statuses
