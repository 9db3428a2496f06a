with tickets_seen as (
    select
        dates.as_of_on,
        daily.*,
        dates.as_of_on - daily.on_date as age_days
    from {{ ref('int_features__dates') }} as dates
    inner join {{ ref('int_tickets__agent_day') }} as daily on {{ in_window('daily.on_date', 28) }}
),

tickets as (
    select
        as_of_on,
        agent_id,
        {{ window_sum('tickets_finished', 28) }} as tickets_finished_28d,
        {{ window_sum('tickets_breached', 28) }} as tickets_breached_28d,
        {{ window_sum('tickets_reopened', 28) }} as tickets_reopened_28d,
        {{ window_sum('tickets_without_evidence', 28) }} as tickets_without_evidence_28d,
        max(case when age_days = 0 then backlog_open end) as backlog_open
    from tickets_seen
    group by as_of_on, agent_id
),

shifts_seen as (
    select
        dates.as_of_on,
        daily.*,
        dates.as_of_on - daily.on_date as age_days
    from {{ ref('int_features__dates') }} as dates
    inner join {{ ref('int_hr__shift_agent_day') }} as daily on {{ in_window('daily.on_date', 28) }}
),

shifts as (
    select
        as_of_on,
        agent_id,
        {{ window_sum('overtime_minutes', 7) }} as overtime_minutes_7d,
        {{ window_sum('overtime_minutes', 28) }} as overtime_minutes_28d
    from shifts_seen
    group by as_of_on, agent_id
)

select
    as_of_on,
    agent_id,
    tickets.* exclude (as_of_on, agent_id),
    shifts.* exclude (as_of_on, agent_id)
from tickets
full join shifts using (as_of_on, agent_id)
