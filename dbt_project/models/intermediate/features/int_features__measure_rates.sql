select
    as_of_on,
    entity_kind,
    entity_id,
    max(case when measure = 'breached' then shrunk_ratio end) as breached,
    max(case when measure = 'reopened' then shrunk_ratio end) as reopened,
    max(case when measure = 'without_evidence' then shrunk_ratio end) as without_evidence,
    max(case when measure = 'without_mfa' then shrunk_ratio end) as without_mfa
from {{ ref('int_features__shrunk_rates') }}
where measure in ('breached', 'reopened', 'without_evidence', 'without_mfa')
group by as_of_on, entity_kind, entity_id
