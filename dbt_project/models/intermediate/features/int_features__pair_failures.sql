with seen as (
    select
        dates.as_of_on,
        failures.entity_kind,
        failures.entity_id,
        failures.control_id,
        failures.failed_on,
        dates.as_of_on - failures.failed_on as age_days
    from {{ ref('int_features__dates') }} as dates
    inner join {{ ref('fct_failures') }} as failures on {{ in_window('failures.failed_on') }}
    where not failures.is_waived
)

select
    as_of_on,
    entity_kind,
    entity_id,
    control_id,
    {{ window_sum('1', 7) }} as exceptions_7d,
    {{ window_sum('1', 28) }} as exceptions_28d,
    {{ window_sum('1', 90) }} as exceptions_90d,
    {{ window_days('failed_on', 90) }} as failure_days_90d,
    min(age_days) as days_since_last_failure
from seen
group by as_of_on, entity_kind, entity_id, control_id
