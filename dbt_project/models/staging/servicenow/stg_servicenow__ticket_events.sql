with

updates as (
    select * from {{ ref('stg_servicenow__incident_updates') }}
),

final as (
    select
        number || '|' || sys_mod_count || '|' || strftime(sys_updated_at, '%Y-%m-%dT%H:%M') as event_id,
        number as ticket_id,
        sys_updated_at as occurred_at,
        sys_updated_by as actor_id,
        incident_state as step,
        {{ local_date('sys_updated_at') }} as occurred_on,
        source,
        delivery_id,
        known_at,
        known_on,
        source_row,
    from updates
)

select * from final
