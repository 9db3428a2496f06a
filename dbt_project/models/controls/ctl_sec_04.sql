with

agents as (
    select * from {{ ref('int_entities__agent_day') }} where {{ is_run_day('on_date') }}
),

processes as (
    select * from {{ ref('int_entities__process_day') }} where {{ is_run_day('on_date') }}
),

log_items as (
    select
        staff.process_id,
        gaps.system_id || '|' || gaps.feed || '|' || gaps.log_on as item_key,
        gaps.log_on,
        gaps.known_on,
        gaps.tested_on,
        greatest(gaps.events, 1) as exposure,
        gaps.is_gap as is_exception,
        staff.regulated is not null as is_regulated,
        gaps.feed || ' of ' || gaps.system_id || ': ' || gaps.gap_reason as reason,
        staff.source_row as evidence
    from {{ ref('int_controls__log_gaps') }} as gaps
    inner join {{ ref('int_controls__system_staff') }} as staff
        on gaps.system_id = staff.system_id and gaps.log_on = staff.log_on and gaps.known_on = staff.known_on
),

work_items as (
    select
        agents.process_id,
        'ticket work|' || work.log_on as item_key,
        work.log_on,
        work.known_on,
        work.tested_on,
        count(*) as exposure,
        case
            when count(*) filter (work.is_unlogged) > 0 then true
            when count(work.is_unlogged) = count(*) then false
        end as is_exception,
        false as is_regulated,
        case
            when count(*) filter (work.is_unlogged) > 0
                then count(*) filter (work.is_unlogged) || ' of ' || count(*) || ' agents worked on tickets without any log-in'
            when count(work.is_unlogged) < count(*) then 'nothing of auth_events was delivered for the day'
        end as reason,
        'ticket_events|' || agents.process_id || '|' || work.log_on as evidence
    from {{ ref('int_controls__unlogged_work') }} as work
    inner join agents on work.agent_id = agents.agent_id and work.tested_on = agents.on_date
    where agents.process_id is not null
    group by all
),

judged as (
    select
        items.*,
        cast(null as varchar) as agent_id,
        items.is_regulated or processes.regulated is not null as is_zero,
        cast(items.log_on as timestamp) as occurred_at,
        cast(items.known_on as timestamp) as known_at
    from (
        select * from log_items
        union all
        select * from work_items
    ) as items
    left join processes on items.process_id = processes.process_id and items.tested_on = processes.on_date
),

final as (
    {{ control_items('SEC-04', 'judged', zero_tolerance='items.is_zero') }}
)

select * from final
