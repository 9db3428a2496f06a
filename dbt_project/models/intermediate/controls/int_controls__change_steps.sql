with

versions as (
    select * from {{ ref('int_tickets__ticket_history') }} where kind = 'change' and status != 'cancelled'
),

-- Work that is reported finished has begun, also where nobody wrote down when.
steps as (
    select *, 'started' as step from versions where actual_start_at is not null or status in ('resolved', 'closed')
    union all by name
    select *, 'closed' as step from versions where status = 'closed'
),

final as (
    select
        source,
        ticket_id,
        step,
        valid_from as known_on,
        change_type,
        process_id,
        opened_by,
        assignee_id,
        planned_start_at,
        actual_start_at,
        coalesce(closed_at, resolved_at, updated_at) as finished_at,
        close_code,
        updated_at,
        source_row
    from steps
    qualify row_number() over (partition by source, ticket_id, step order by valid_from) = 1
)

select * from final
