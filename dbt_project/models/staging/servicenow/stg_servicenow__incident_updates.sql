with

source as (
    select * from {{ source('raw', 'servicenow__incident_event_log') }} where {{ is_accepted() }}
),

cleaned as (
    select
        {%- for column in [
            'number', 'incident_state', 'opened_by', 'sys_updated_by', 'priority', 'assignment_group', 'assigned_to',
            'closed_code', 'resolved_by', 'made_sla', 'reopen_count', 'reassignment_count', 'sys_mod_count',
        ] %}
        {{ servicenow_text(column) }} as {{ column }},
        {%- endfor %}
        {%- for column in ['opened_at', 'sys_updated_at', 'resolved_at', 'closed_at'] %}
        {{ servicenow_time(column) }} as {{ column }},
        {%- endfor %}
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
