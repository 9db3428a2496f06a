{{ config(materialized='table') }}

select
    decision_id,
    entity_kind,
    entity_id,
    control_id,
    kind,
    decided_at,
    decided_on,
    as_of_on,
    due_on,
    expires_on,
    action_kind,
    reason_code,
    known_on
from {{ ref('int_feed__decisions') }} as decisions
where {{ is_visible('decisions', last_day()) }}
