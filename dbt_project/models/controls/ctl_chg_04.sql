with

emergencies as (
    select
        null as agent_id,
        process_id,
        ticket_id || '|' || deadline_at as item_key,
        tested_on,
        deadline_at as occurred_at,
        cast(due_known_on as timestamp) as known_at,
        1 as exposure,
        case
            when approved_at is null or approved_at > deadline_at then true
            when actual_start_at is not null then false
        end as is_exception,
        case
            when approved_at is null then 'emergency not approved by ' || strftime(deadline_at, '%Y-%m-%d %H:%M') || ' UTC'
            when approved_at > deadline_at then 'emergency approved only at ' || strftime(approved_at, '%Y-%m-%d %H:%M') || ' UTC'
            when actual_start_at is null then 'emergency approved, but its start is unknown'
        end as reason,
        source_row as evidence,
        true as is_emergency
    from {{ ref('int_controls__emergency_changes') }}
),

shares as (
    select
        null as agent_id,
        process_id,
        process_id || '|share|' || cast(date_trunc('week', tested_on) as date) as item_key,
        tested_on,
        finished_at as occurred_at,
        cast(known_on as timestamp) as known_at,
        changes as exposure,
        case
            when emergencies > limit_ratio * changes then true
            when emergencies + untyped_changes <= limit_ratio * changes then false
        end as is_exception,
        case
            when emergencies > limit_ratio * changes
                then emergencies || ' of ' || changes || ' changes in ' || limit_days || ' days were emergencies'
            when emergencies + untyped_changes > limit_ratio * changes then untyped_changes || ' changes of unknown type'
        end as reason,
        source_row as evidence,
        false as is_emergency
    from {{ ref('int_controls__emergency_shares') }}
),

judged as (
    select * from emergencies
    union all
    select * from shares
),

final as (
    {{ control_items('CHG-04', 'judged', zero_tolerance='items.is_emergency') }}
)

select * from final
