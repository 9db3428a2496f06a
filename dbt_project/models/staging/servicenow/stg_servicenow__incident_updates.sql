with

source as (
    select *
    from {{ source('raw', 'servicenow__incident_event_log') }}
    where {{ is_accepted() }}
),

cleaned as (
    select
        {{ servicenow_text('number') }} as number,
        {{ servicenow_text('incident_state') }} as incident_state,
        {{ servicenow_text('opened_by') }} as opened_by,
        {{ servicenow_text('sys_updated_by') }} as sys_updated_by,
        {{ servicenow_text('priority') }} as priority,
        {{ servicenow_text('assignment_group') }} as assignment_group,
        {{ servicenow_text('closed_code') }} as closed_code,
        {{ servicenow_text('resolved_by') }} as resolved_by,
        {{ servicenow_text('made_sla') }} as made_sla,
        {{ servicenow_text('reopen_count') }} as reopen_count,
        {{ servicenow_text('reassignment_count') }} as reassignment_count,
        {{ servicenow_text('sys_mod_count') }} as sys_mod_count,
        {{ servicenow_time('opened_at') }} as opened_at,
        {{ servicenow_time('sys_updated_at') }} as sys_updated_at,
        {{ servicenow_time('resolved_at') }} as resolved_at,
        {{ servicenow_time('closed_at') }} as closed_at,
        {{ stamps('servicenow') }},
    from source
),

-- The log carries a case's outcome on every row of the case, from the first one on; it counts from its own time on only.
final as (
    select
        * exclude (closed_code, resolved_by, resolved_at, closed_at, made_sla),
        case when sys_updated_at >= resolved_at then resolved_at end as resolved_at,
        case when sys_updated_at >= coalesce(resolved_at, closed_at) then resolved_by end as resolved_by,
        case when sys_updated_at >= closed_at then closed_at end as closed_at,
        case when sys_updated_at >= closed_at then closed_code end as closed_code,
        case when sys_updated_at >= closed_at and incident_state = 'Closed' then {{ to_boolean('made_sla') }} end as made_sla,
    from cleaned
)

select * from final
