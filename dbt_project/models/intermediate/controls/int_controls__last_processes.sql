with

-- The latest start counts, whether the assignment has ended or not.
assignments as (
    select distinct
        worker_id,
        greatest(valid_from, assigned_from) as valid_from,
        max_by(process_id, (assigned_from, valid_from, process_id)) over (
            partition by worker_id order by greatest(valid_from, assigned_from)
        ) as process_id
    from {{ ref('int_hr__assignment_history') }}
),

final as (
    select
        *,
        lead(valid_from) over (partition by worker_id order by valid_from) as valid_to
    from assignments
)

select * from final
