{{ config(materialized='ephemeral') }}

with

control as (
    {{ control_row('HR-04') }}
),

-- A version is asked of everybody some days after the first signature under it.
versions as (
    select
        signatures.document_id,
        signatures.version,
        signatures.version_numbers,
        min(greatest(signatures.known_on, {{ local_date('signatures.signed_at') }} + control.first_limit_days)) as current_from
    from {{ ref('int_controls__signatures') }} as signatures
    cross join control
    group by signatures.document_id, signatures.version, signatures.version_numbers
),

final as (
    select
        days.on_date,
        versions.*
    from ({{ day_spine() }}) as days
    inner join versions on days.on_date >= versions.current_from
    qualify row_number() over (
        partition by days.on_date, versions.document_id order by versions.version_numbers desc, versions.version desc
    ) = 1
)

select * from final
