with

steps as (
    select
        *,
        max(first_done_at) over (
            partition by source, ticket_id, tested_on order by step_order range between unbounded preceding and 1 preceding
        ) as earlier_step_done_at
    from {{ ref('int_controls__procedure_steps') }}
),

final as (
    select
        source,
        ticket_id,
        tested_on,
        coalesce(bool_or(times_done = 0 and is_never_skip), false) as is_never_skip_missing,
        bool_or(has_unknown_role) as has_unknown_role,
        string_agg(step, ', ' order by step_order) filter (times_done = 0) as missing_steps,
        string_agg(step, ', ' order by step_order) filter (first_done_at < earlier_step_done_at) as early_steps,
        string_agg(step, ', ' order by step_order) filter (times_done > 1) as repeated_steps,
        string_agg(step, ', ' order by step_order) filter (has_forbidden_role) as forbidden_steps
    from steps
    group by source, ticket_id, tested_on
)

select * from final
