-- Limits of documents to be signed: days until the first day on which the control sees the exception if nobody acts.
with

limits as (
    select * from {{ ref('control_library') }} where control_id = 'HR-04'
),

signed as (
    select
        agents.as_of_on,
        agents.process_id,
        agents.agent_id,
        signatures.* exclude (worker_id)
    from {{ ref('int_features__agents') }} as agents
    inner join {{ ref('int_controls__signature_history') }} as signatures
        on agents.agent_id = signatures.worker_id and {{ is_valid('signatures', 'agents.as_of_on') }}
),

-- A new version is asked of everybody some days after the first signature under it that was known by the date.
versions as (
    select
        dates.as_of_on,
        signatures.document_id,
        signatures.version,
        signatures.version_numbers,
        limits.control_id,
        min(greatest(signatures.known_on, {{ local_date('signatures.signed_at') }} + limits.first_limit_days)) as asked_from
    from {{ ref('int_features__dates') }} as dates
    inner join {{ ref('int_controls__signatures') }} as signatures on {{ is_visible('signatures', 'dates.as_of_on') }}
    cross join limits
    group by all
)

select
    signed.as_of_on,
    signed.process_id,
    signed.agent_id,
    limits.control_id,
    {{ local_date('signed.signed_at') }} + limits.limit_days + 1 - signed.as_of_on as days_left
from signed
cross join limits
union all
select
    signed.as_of_on,
    signed.process_id,
    signed.agent_id,
    versions.control_id,
    versions.asked_from - signed.as_of_on as days_left
from signed
inner join versions
    on
        signed.as_of_on = versions.as_of_on
        and signed.document_id = versions.document_id
        and (signed.version_numbers, signed.version) < (versions.version_numbers, versions.version)
