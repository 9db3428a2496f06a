with tickets_seen as (
    select
        dates.as_of_on,
        daily.*,
        dates.as_of_on - daily.on_date as age_days
    from {{ ref('int_features__dates') }} as dates
    inner join {{ ref('int_tickets__agent_day') }} as daily on {{ in_window('daily.on_date', 56) }}
),

tickets as (
    select
        as_of_on,
        agent_id,
        {{ window_sum('tickets_finished', 7) }} as tickets_finished_7d,
        {{ window_sum('tickets_finished', 28) }} as tickets_finished_28d,
        {{ window_sum('tickets_finished', 56) }} as tickets_finished_56d,
        {{ window_sum('tickets_breached', 28) }} as tickets_breached_28d,
        {{ window_sum('tickets_reopened', 28) }} as tickets_reopened_28d,
        {{ window_sum('tickets_without_evidence', 28) }} as tickets_without_evidence_28d,
        max(case when age_days = 0 then backlog_open end) as backlog_open,
        sum(backlog_open) as backlog_open_56d,
        {{ window_days('on_date', 56) }} as ticket_days_56d,
        {{ window_weeks(56) }} as ticket_weeks_56d
    from tickets_seen
    group by as_of_on, agent_id
),

shifts_seen as (
    select
        dates.as_of_on,
        daily.*,
        dates.as_of_on - daily.on_date as age_days
    from {{ ref('int_features__dates') }} as dates
    inner join {{ ref('int_hr__shift_agent_day') }} as daily on {{ in_window('daily.on_date', 56) }}
),

shifts as (
    select
        as_of_on,
        agent_id,
        {{ window_sum('overtime_minutes', 7) }} as overtime_minutes_7d,
        {{ window_sum('overtime_minutes', 28) }} as overtime_minutes_28d,
        {{ window_sum('overtime_minutes', 56) }} as overtime_minutes_56d,
        {{ window_weeks(56) }} as shift_weeks_56d
    from shifts_seen
    group by as_of_on, agent_id
),

open_tickets as (
    select
        as_of_on,
        agent_id,
        sum(tickets_overdue) as tickets_overdue,
        sum(tickets_due_7d) as tickets_due_7d,
        max(oldest_ticket_days) as oldest_ticket_days
    from {{ ref('int_features__open_tickets') }}
    where agent_id is not null
    group by as_of_on, agent_id
)

select
    as_of_on,
    agent_id,
    tickets.* exclude (as_of_on, agent_id),
    shifts.* exclude (as_of_on, agent_id),
    open_tickets.* exclude (as_of_on, agent_id),
    {{ own_deviation('tickets.tickets_finished_7d', 'tickets.tickets_finished_56d', 'tickets.ticket_weeks_56d') }}
        as tickets_finished_own_deviation_7d,
    {{ own_deviation('tickets.backlog_open', 'tickets.backlog_open_56d', 'tickets.ticket_days_56d') }}
        as backlog_own_deviation_1d,
    {{ own_deviation('shifts.overtime_minutes_7d', 'shifts.overtime_minutes_56d', 'shifts.shift_weeks_56d') }}
        as overtime_own_deviation_7d
from tickets
full join shifts using (as_of_on, agent_id)
left join open_tickets using (as_of_on, agent_id)
