-- Only labels whose window had passed by d, and of those the last 90 as-of days: the figure follows the present, and a daily run
-- reads a bounded part of the labels.
with

labels as (
    select *
    from {{ ref('lbl_pair_outcomes') }}
    where horizon_days = {{ run_value('horizon_days') }} and is_failure is not null
)

select
    dates.as_of_on,
    labels.entity_kind,
    labels.control_id,
    count(*) filter (labels.is_failure)::double / count(*) as control_base_ratio,
    count(*) as control_base_pairs
from {{ ref('int_features__dates') }} as dates
inner join labels
    on
        labels.as_of_on <= dates.as_of_on - labels.horizon_days
        and labels.as_of_on > dates.as_of_on - labels.horizon_days - 90
group by dates.as_of_on, labels.entity_kind, labels.control_id
