select
    dates.as_of_on,
    results.entity_kind,
    results.entity_id,
    results.control_id,
    sum(case when results.on_date > dates.as_of_on - 7 then results.exposure end) as exposure_7d,
    sum(results.exposure) as exposure_28d
from {{ ref('int_features__dates') }} as dates
inner join {{ ref('fct_control_results') }} as results on {{ in_window('results.on_date', 28) }}
group by dates.as_of_on, results.entity_kind, results.entity_id, results.control_id
