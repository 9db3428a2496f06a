select
    as_of_on,
    entity_kind,
    entity_id,
    max(case when measure = 'breached' then shrunk_ratio end) as breached_ratio_28d,
    max(case when measure = 'reopened' then shrunk_ratio end) as reopened_ratio_28d,
    max(case when measure = 'without_evidence' then shrunk_ratio end) as without_evidence_ratio_28d,
    max(case when measure = 'without_mfa' then shrunk_ratio end) as logins_without_mfa_ratio_28d
from {{ ref('int_features__shrunk_rates') }}
where measure in ('breached', 'reopened', 'without_evidence', 'without_mfa')
group by as_of_on, entity_kind, entity_id
