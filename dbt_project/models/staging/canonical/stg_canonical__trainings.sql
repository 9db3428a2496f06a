with

source as (
    select *
    from {{ source('raw', 'canonical__trainings') }}
    where {{ is_accepted() }}
),

final as (
    select
        worker_id,
        course_id,
        scope,
        {{ to_utc('assigned_at') }} as assigned_at,
        {{ to_utc('due_at') }} as due_at,
        {{ to_utc('completed_at') }} as completed_at,
        {{ to_utc('expires_at') }} as expires_at,
        try_cast(score as double) as score,
        {{ to_utc('updated_at') }} as updated_at,
        {{ stamps('canonical') }},
    from source
)

select * from final
