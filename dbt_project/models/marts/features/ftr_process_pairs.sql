{{ config(materialized='view') }}

select
    pairs.as_of_on,
    pairs.entity_id,
    pairs.control_id,
    days.site as slice_site,
    {{ tenure_band('features.median_tenure_days') }} as slice_tenure_band,
    null::varchar as slice_employment_type,
    null::varchar as slice_shift,
    {{ size_band('features.headcount') }} as slice_size_band,
    features.* exclude (as_of_on, process_id),
    pairs.* exclude (as_of_on, entity_kind, entity_id, control_id),
    {{- control_flags([
        'JML-01', 'JML-02', 'JML-03', 'ACC-01', 'ACC-02', 'ACC-03', 'ACC-06', 'DATA-01', 'DATA-03', 'HR-03',
        'CHG-01', 'CHG-02', 'CHG-03', 'CHG-04', 'INC-01', 'OPS-01', 'OPS-02', 'OPS-03', 'OPS-04', 'SEC-01',
        'SEC-02', 'SEC-03', 'SEC-04', 'SEC-05',
    ]) }}
from {{ ref('ftr_pair') }} as pairs
inner join {{ ref('ftr_process') }} as features on pairs.as_of_on = features.as_of_on and pairs.entity_id = features.process_id
inner join {{ ref('int_entities__process_day') }} as days on pairs.as_of_on = days.on_date and pairs.entity_id = days.process_id
where pairs.entity_kind = 'process'
