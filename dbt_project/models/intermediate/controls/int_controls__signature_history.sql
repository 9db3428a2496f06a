{{ config(materialized='ephemeral') }}

with

signatures as (
    select * from {{ ref('int_controls__signatures') }}
),

change_days as (
    select worker_id, document_id, known_on as changed_on from signatures
    union
    select worker_id, document_id, visible_to as changed_on from signatures where visible_to is not null
),

-- The highest version that the worker had signed by each day on which that may have changed.
highest as (
    select
        change_days.worker_id,
        change_days.document_id,
        change_days.changed_on as valid_from,
        signatures.version,
        signatures.version_numbers,
        signatures.signed_at,
        signatures.known_on,
        signatures.source_row
    from change_days
    left join signatures
        on
            change_days.worker_id = signatures.worker_id
            and change_days.document_id = signatures.document_id
            and {{ is_visible('signatures', 'change_days.changed_on') }}
    qualify row_number() over (
        partition by change_days.worker_id, change_days.document_id, change_days.changed_on
        order by signatures.version_numbers desc nulls last, signatures.version desc, signatures.signed_at desc
    ) = 1
),

spans as (
    select
        *,
        lead(valid_from) over (partition by worker_id, document_id order by valid_from) as valid_to
    from highest
),

-- A signature that a corrected file took away leaves a span without any.
final as (
    select * from spans where source_row is not null
)

select * from final
