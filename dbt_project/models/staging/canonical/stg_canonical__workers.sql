with

source as (
    select * from {{ source('raw', 'canonical__workers') }}
),

final as (
    select
        worker_id,
        email,
        employment_status,
        employment_type,
        job_role,
        team,
        site,
        country,
        shift_pattern,
        manager_id,
        {{ to_date('hire_date') }} as hire_date,
        {{ to_date('resignation_date') }} as resignation_date,
        {{ to_date('termination_date') }} as termination_date,
        {{ to_date('snapshot_on') }} as snapshot_on,
        _is_quarantined as is_quarantined,
        {{ stamps('canonical') }},
    from source
)

select * from final
