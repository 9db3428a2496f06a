-- The scores of the last day, the controls of each entity in order: its worst one has place 1. Where no model serves, the
-- order is that of the rule.
with

scores as (
    select * from {{ source('ml', 'scores') }}
),

weighted as (
    select
        scores.*,
        library.severity_weight,
        library.severity_weight * scores.probability as weighted_probability
    from scores
    inner join {{ ref('control_library') }} as library on scores.control_id = library.control_id
    where scores.as_of_on = {{ last_day() }} and scores.horizon_days = {{ run_value('horizon_days') }}
)

select
    *,
    row_number() over (
        partition by entity_kind, entity_id
        order by
            weighted_probability desc nulls last,
            rule_exceptions_28d desc nulls last,
            rule_exceptions_90d desc nulls last,
            severity_weight desc,
            control_id asc
    ) as place
from weighted
