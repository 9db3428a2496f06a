{{ config(materialized='view') }}

select
    pairs.as_of_on,
    pairs.entity_id,
    pairs.control_id,
    days.site as slice_site,
    {{ tenure_band('days.tenure_days') }} as slice_tenure_band,
    days.employment_type as slice_employment_type,
    days.shift_pattern as slice_shift,
    {{ size_band('features.process_headcount') }} as slice_size_band,
    features.* exclude (as_of_on, agent_id),
    pairs.* exclude (as_of_on, entity_kind, entity_id, control_id),
    {{- control_flags([
        'JML-01', 'JML-02', 'JML-03', 'ACC-02', 'ACC-04', 'ACC-05', 'ACC-06', 'DATA-01', 'DATA-02',
        'DATA-03', 'DATA-04', 'HR-01', 'HR-02', 'HR-03', 'HR-04', 'CHG-02', 'OPS-01', 'OPS-02', 'OPS-04',
        'SEC-01', 'SEC-02', 'SEC-03',
    ]) }}
from {{ ref('ftr_pair') }} as pairs
inner join {{ ref('ftr_agent') }} as features on pairs.as_of_on = features.as_of_on and pairs.entity_id = features.agent_id
inner join {{ ref('int_entities__agent_day') }} as days on pairs.as_of_on = days.on_date and pairs.entity_id = days.agent_id
where pairs.entity_kind = 'agent'
