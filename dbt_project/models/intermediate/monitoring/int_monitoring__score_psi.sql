{{ config(materialized='ephemeral') }}

-- Today's probabilities against those of the champion's first day: the same model, so that what differs is whom it looks at.
with

first_days as (
    select
        scores.entity_kind,
        models.champion_version,
        min(scores.as_of_on) as first_on
    from {{ source('ml', 'scores') }} as scores
    inner join {{ ref('int_monitoring__models') }} as models
        on scores.entity_kind = models.entity_kind and scores.model_version = models.champion_version
    where scores.horizon_days = {{ run_value('horizon_days') }}
    group by scores.entity_kind, models.champion_version
    having min(scores.as_of_on) < {{ last_day() }}
),

scores as (
    select
        scores.entity_kind,
        scores.as_of_on,
        scores.entity_id,
        scores.probability
    from {{ source('ml', 'scores') }} as scores
    inner join first_days on scores.entity_kind = first_days.entity_kind and scores.model_version = first_days.champion_version
    where
        scores.horizon_days = {{ run_value('horizon_days') }}
        and scores.as_of_on in (first_days.first_on, {{ last_day() }})
),

cuts as (
    select
        scores.entity_kind,
        first_days.first_on,
        list_sort(list_distinct(quantile_cont(scores.probability, [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9]))) as cut_points,
        count(distinct scores.entity_id) as entities
    from scores
    inner join first_days on scores.entity_kind = first_days.entity_kind and scores.as_of_on = first_days.first_on
    group by scores.entity_kind, first_days.first_on
),

binned as (
    select
        scores.entity_kind,
        {{ bin('scores.probability', 'cuts.cut_points') }} as bin,
        count(*) filter (scores.as_of_on = cuts.first_on) as first_rows,
        count(*) filter (scores.as_of_on = {{ last_day() }}) as later_rows
    from scores
    inner join cuts on scores.entity_kind = cuts.entity_kind
    group by all
),

parts as (
    select
        entity_kind,
        {{ psi_of_bin('first_rows', 'later_rows', 'entity_kind') }} as part
    from binned
)

select
    parts.entity_kind,
    sum(parts.part) as value,
    {{ psi_limit('any_value(cuts.entities)', 'any_value(cuts.entities)') }} as limit_value,
    'against the champion''s first day, ' || any_value(cuts.first_on) as detail
from parts
inner join cuts on parts.entity_kind = cuts.entity_kind
group by parts.entity_kind
