{{ config(materialized='ephemeral') }}

with

served as (
    select
        entity_kind,
        max(model_version) filter (served_by = 'model') as champion_version
    from {{ source('ml', 'scores') }}
    where as_of_on = {{ last_day() }} and horizon_days = {{ run_value('horizon_days') }}
    group by entity_kind
)

select
    served.entity_kind,
    served.champion_version,
    trained.model_version,
    trained.last_as_of_on,
    trained.outcomes_through_on,
    trained.entities
from served
left join {{ source('ml', 'trained_models') }} as trained
    on
        served.entity_kind = trained.entity_kind
        and coalesce(served.champion_version = trained.model_version, true)
        and trained.last_as_of_on <= {{ last_day() }}
qualify row_number() over (partition by served.entity_kind order by trained.recorded_at desc nulls last) = 1
