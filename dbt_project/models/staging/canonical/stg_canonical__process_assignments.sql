with

source as (
    select * from {{ source('raw', 'canonical__process_assignments') }}
),

final as (
    select
        worker_id,
        process_id,
        {{ to_date('assigned_from') }} as assigned_from,
        {{ to_date('assigned_to') }} as assigned_to,
        {{ to_date('snapshot_on') }} as snapshot_on,
        _is_quarantined as is_quarantined,
        {{ stamps('canonical') }},
    from source
)

select * from final
