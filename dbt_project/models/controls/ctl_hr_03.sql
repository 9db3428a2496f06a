with

starts as (
    select * from {{ ref('int_controls__untrained_starts') }}
),

certificates as (
    select * from {{ ref('int_controls__lapsed_certificates') }}
),

judged as (
    select
        agent_id,
        process_id,
        agent_id || '|' || process_id || '|' || assigned_from || '|' || start_kind as item_key,
        tested_on,
        started_at as occurred_at,
        cast(known_on as timestamp) as known_at,
        1 as exposure,
        missing_courses is not null as is_exception,
        if(start_kind = 'ticket', 'first ticket', 'first access to the client') || ' on ' || {{ local_date('started_at') }}
        || ' without ' || missing_courses as reason,
        evidence
    from starts

    union all

    select
        agent_id,
        process_id,
        agent_id || '|' || process_id || '|' || course_id || '|' || expires_on as item_key,
        tested_on,
        expires_at as occurred_at,
        cast(known_on as timestamp) as known_at,
        1 as exposure,
        not is_renewed as is_exception,
        if(not is_renewed, course_id || ' expired on ' || expires_on || ' and was not renewed', null) as reason,
        evidence
    from certificates
),

final as (
    {{ control_items('HR-03', 'judged') }}
)

select * from final
