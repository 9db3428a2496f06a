{{ config(materialized='ephemeral') }}

with

outcomes as (
    select * from {{ ref('mart_list_outcomes') }} where origin = 'served'
),

-- The last list whose horizon has passed by now.
matured as (
    select
        *,
        greatest(0.25 * expected, 2 * sqrt(expected)) as allowed
    from outcomes
    where matured
    qualify row_number() over (partition by entity_kind order by as_of_on desc) = 1
),

listed as (
    select * from {{ ref('fct_listed_entities') }} where is_listed and as_of_on <= {{ last_day() }}
),

days as (
    select distinct
        entity_kind,
        as_of_on
    from listed
    qualify dense_rank() over (partition by entity_kind order by as_of_on desc) <= 2
),

overlap as (
    select
        entity_kind,
        min(as_of_on) as before_on,
        count(*) - count(distinct entity_id) as kept,
        count(*) filter (as_of_on = {{ last_day() }}) as listed
    from listed
    inner join days using (entity_kind, as_of_on)
    group by entity_kind
    having count(distinct as_of_on) = 2
)

select
    entity_kind,
    'expected_failures' as measure,
    as_of_on::varchar as name,
    expected as value,
    'of ' || list_size || ' listed by the ' || ranked_by
    || case when expected is null then ', which gives no probability' else '' end as detail
from outcomes where as_of_on = {{ last_day() }}
union all by name
select
    entity_kind,
    'realised_failures' as measure,
    as_of_on::varchar as name,
    failed as value,
    coalesce(abs(failed - expected) <= allowed or intervened > 0, true) as is_ok,
    'of ' || list_size || ' listed' || coalesce(', ' || round(expected, 1) || ' expected', '')
    || case when intervened > 0 then ', ' || intervened || ' acted upon' else '' end as detail
from matured
union all by name
select
    entity_kind,
    'list_overlap' as measure,
    kept / nullif(listed, 0) as value,
    0.5 as limit_value,
    kept >= 0.5 * listed as is_ok,
    kept || ' of ' || listed || ' were on the list of ' || before_on as detail
from overlap
