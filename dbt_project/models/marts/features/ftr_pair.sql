{{ config(
    materialized='daily_rows',
    pre_hook="{{ delete_run_days('as_of_on') }}",
) }}

{%- set horizon_days = run_value('horizon_days') %}

with

-- Failures of all controls of an area.
areas as (
    select
        failures.as_of_on,
        failures.entity_kind,
        failures.entity_id,
        library.area,
        sum(failures.exceptions_90d) as exceptions_90d
    from {{ ref('int_features__pair_failures') }} as failures
    inner join {{ ref('control_library') }} as library using (control_id)
    group by failures.as_of_on, failures.entity_kind, failures.entity_id, library.area
)

-- A shrunk rate is a share of days; the chance of at least one such day within the horizon follows if days were independent.
select
    pairs.as_of_on,
    pairs.entity_kind,
    pairs.entity_id,
    pairs.control_id,
    coalesce(failures.exceptions_7d, 0)::double as exceptions_7d,
    coalesce(failures.exceptions_28d, 0)::double as exceptions_28d,
    coalesce(failures.exceptions_90d, 0)::double as exceptions_90d,
    failures.days_since_last_failure::double as days_since_last_failure,
    {{ ratio('coalesce(failures.exceptions_28d, 0)', 'exposures.exposure_28d') }} as exception_ratio_28d,
    (coalesce(areas.exceptions_90d, 0) - coalesce(failures.exceptions_90d, 0))::double as area_exceptions_90d,
    1 - pow(1 - rates.shrunk_ratio, {{ horizon_days }}) as pair_rate_shrunk,
    rates.trials::double as pair_rate_days,
    1 - pow(1 - rates.prior_ratio, {{ horizon_days }}) as peer_rate_shrunk,
    rates.parent_trials as peer_rate_days,
    bases.control_base_ratio,
    bases.control_base_pairs::double as control_base_pairs,
    coalesce(exposures.exposure_28d, 0)::double as exposure_28d,
    {{ ratio('4 * coalesce(exposures.exposure_7d, 0)', 'exposures.exposure_28d') }} as exposure_trend_7d,
    library.severity_weight::double as severity_weight,
    (library.item_kind = 'state')::integer::double as is_state_control,
    countdowns.days_until_limit::double as days_until_limit,
    coalesce((countdowns.days_until_limit <= {{ horizon_days }})::integer, 0)::double as is_foreseeable,
    coalesce(countdowns.limits_ahead, 0)::double as limits_ahead
from {{ ref('int_cohort__pairs') }} as pairs
inner join {{ ref('int_features__dates') }} as dates using (as_of_on)
inner join {{ ref('control_library') }} as library using (control_id)
left join {{ ref('int_features__pair_failures') }} as failures using (as_of_on, entity_kind, entity_id, control_id)
left join {{ ref('int_features__pair_exposure') }} as exposures using (as_of_on, entity_kind, entity_id, control_id)
left join {{ ref('int_features__shrunk_rates') }} as rates
    on
        pairs.as_of_on = rates.as_of_on
        and pairs.entity_kind = rates.entity_kind
        and pairs.entity_id = rates.entity_id
        and pairs.control_id = rates.measure
left join {{ ref('int_features__control_bases') }} as bases
    on
        pairs.as_of_on = bases.as_of_on
        and pairs.entity_kind = bases.entity_kind
        and pairs.control_id = bases.control_id
left join {{ ref('int_features__countdowns') }} as countdowns using (as_of_on, entity_kind, entity_id, control_id)
left join areas
    on
        pairs.as_of_on = areas.as_of_on
        and pairs.entity_kind = areas.entity_kind
        and pairs.entity_id = areas.entity_id
        and library.area = areas.area
