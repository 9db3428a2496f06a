{{ config(materialized='ephemeral') }}

with

control as (
    {{ control_row('HR-04') }}
),

asked as (
    select
        holders.on_date,
        holders.agent_id,
        holders.process_id,
        holders.access_on,
        holders.source_row as account_row,
        documents.document_id,
        documents.version,
        documents.current_from,
        signed.worker_id is not null as has_signed_once,
        -- Who signed a newer version ahead of time has signed.
        signed.worker_id is not null
        and (signed.version_numbers, signed.version) >= (documents.version_numbers, documents.version) as is_signed,
        signed.signed_at,
        signed.known_on,
        signed.source_row
    from {{ ref('int_controls__access_holders') }} as holders
    inner join {{ ref('int_controls__current_documents') }} as documents on holders.on_date = documents.on_date
    left join {{ ref('int_controls__signature_history') }} as signed
        on
            holders.agent_id = signed.worker_id
            and documents.document_id = signed.document_id
            and {{ is_valid('signed', 'holders.on_date') }}
),

-- Some documents are for one client only: asked of everybody is what most colleagues have signed in some version.
shares as (
    select
        on_date,
        document_id,
        process_id,
        grouping(process_id) = 1 as is_company,
        avg(if(has_signed_once, 1, 0)) as signed_ratio
    from asked
    group by grouping sets ((on_date, document_id), (on_date, document_id, process_id))
),

final as (
    select
        asked.*
    from asked
    cross join control
    inner join shares as company
        on asked.on_date = company.on_date and asked.document_id = company.document_id and company.is_company
    left join shares as colleagues
        on
            asked.on_date = colleagues.on_date
            and asked.document_id = colleagues.document_id
            and asked.process_id = colleagues.process_id
            and not colleagues.is_company
    where asked.has_signed_once or greatest(company.signed_ratio, colleagues.signed_ratio) >= control.limit_ratio
)

select * from final
