{{ config(materialized='ephemeral') }}

-- What came of whom a list named, by the definition of lbl_pair_outcomes, and who was acted upon before anything failed.
with

listed as (
    select
        *,
        as_of_on + horizon_days as window_end_on
    from {{ ref('fct_listed_entities') }}
    where as_of_on <= {{ last_day() }}
),

first_failures as (
    select
        listed.as_of_on,
        listed.entity_kind,
        listed.entity_id,
        min(failures.failed_on) as failed_on
    from listed
    inner join {{ ref('fct_failures') }} as failures
        on
            listed.entity_kind = failures.entity_kind
            and listed.entity_id = failures.entity_id
            and listed.as_of_on < failures.failed_on
            and listed.window_end_on >= failures.failed_on
            and list_contains(listed.control_ids, failures.control_id)
    where not failures.is_waived and listed.window_end_on <= {{ last_day() }}
    group by listed.as_of_on, listed.entity_kind, listed.entity_id
),

-- A plan counts until it was due, a waiver until it expires, an action on its day. On the day of the failure it came too late.
interventions as (
    select distinct
        listed.as_of_on,
        listed.entity_kind,
        listed.entity_id
    from listed
    left join first_failures using (as_of_on, entity_kind, entity_id)
    inner join {{ ref('fct_decisions') }} as decisions
        on
            listed.entity_kind = decisions.entity_kind
            and listed.entity_id = decisions.entity_id
            and (decisions.control_id is null or list_contains(listed.control_ids, decisions.control_id))
            and listed.window_end_on >= decisions.decided_on
            and coalesce(first_failures.failed_on > decisions.decided_on, true)
            and listed.as_of_on <= greatest(decisions.decided_on, decisions.due_on, decisions.expires_on)
    where decisions.kind in ('planned', 'acted', 'waived')
)

select
    listed.*,
    listed.window_end_on <= {{ last_day() }} as is_matured,
    first_failures.failed_on is not null as is_failed,
    interventions.entity_id is not null as is_intervened
from listed
left join first_failures using (as_of_on, entity_kind, entity_id)
left join interventions using (as_of_on, entity_kind, entity_id)
