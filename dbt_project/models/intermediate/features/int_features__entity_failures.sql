select
    as_of_on,
    entity_kind,
    entity_id,
    sum(exceptions_28d) as entity_exceptions_28d,
    sum(exceptions_90d) as entity_exceptions_90d,
    min(days_since_last_failure) as days_since_any_failure
from {{ ref('int_features__pair_failures') }}
group by as_of_on, entity_kind, entity_id
