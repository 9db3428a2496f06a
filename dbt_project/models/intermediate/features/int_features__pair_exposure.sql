select
    dates.as_of_on,
    results.entity_kind,
    results.entity_id,
    results.control_id,
    sum(results.exposure) as exposure_28d
from {{ ref('int_features__dates') }} as dates
inner join {{ ref('fct_control_results') }} as results on {{ in_window('results.on_date', 28) }}
group by dates.as_of_on, results.entity_kind, results.entity_id, results.control_id
