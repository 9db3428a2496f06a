{{ config(materialized='ephemeral') }}

with

models as (
    select * from {{ ref('int_monitoring__models') }}
),

inputs as (
    select * from {{ ref('int_monitoring__inputs') }}
),

reference as (
    select spread.*
    from {{ source('ml', 'feature_reference') }} as spread
    inner join models on spread.entity_kind = models.entity_kind and spread.model_version = models.model_version
),

cuts as (
    select distinct on (entity_kind, feature)
        entity_kind,
        feature,
        cut_points
    from reference
),

binned as (
    select
        inputs.entity_kind,
        inputs.feature,
        {{ bin('inputs.value', 'cuts.cut_points') }} as bin,
        count(*) as later_rows
    from inputs
    inner join cuts on inputs.entity_kind = cuts.entity_kind and inputs.feature = cuts.feature
    group by all
),

parts as (
    select
        entity_kind,
        feature,
        {{ psi_of_bin('reference_rows', 'later_rows', 'entity_kind, feature') }} as part
    from reference
    full outer join binned using (entity_kind, feature, bin)
),

indices as (
    select
        entity_kind,
        feature,
        sum(part) as value
    from parts
    group by entity_kind, feature
),

sizes as (
    select
        entity_kind,
        count(distinct entity_id) as entities,
        count(distinct as_of_on) as days
    from inputs
    group by entity_kind
)

select
    indices.entity_kind,
    indices.feature,
    indices.value,
    {{ psi_limit('models.entities', 'sizes.entities') }} as limit_value,
    sizes.entities || ' entities on ' || sizes.days || ' day(s) after the training data, which ends on ' || models.last_as_of_on
        as detail
from indices
inner join sizes on indices.entity_kind = sizes.entity_kind
inner join models on indices.entity_kind = models.entity_kind
