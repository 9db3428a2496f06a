with

updates as (
    select * from {{ ref('stg_servicenow__incident_updates') }}
),

final as (
    select
        number as ticket_id,
        'incident' as kind,
        assignment_group as process_id,
        case
            when incident_state = 'New' then 'new'
            when incident_state like 'Awaiting%' then 'on_hold'
            when incident_state = 'Resolved' then 'resolved'
            when incident_state = 'Closed' then 'closed'
            else 'in_progress'
        end as status,
        try_cast(left(priority, 1) as integer) as priority,
        opened_at,
        opened_by,
        -- The analysts in charge are numbered apart from the resolvers, so only the resolver can be followed from case to case.
        resolved_by as assignee_id,
        resolved_at,
        closed_at,
        closed_code as close_code,
        made_sla as sla_met,
        try_cast(reopen_count as integer) as reopen_count,
        try_cast(reassignment_count as integer) as reassignment_count,
        sys_updated_at as updated_at,
        try_cast(sys_mod_count as integer) as update_number,
        source,
        delivery_id,
        known_at,
        known_on,
        source_row,
    from updates
)

select * from final
