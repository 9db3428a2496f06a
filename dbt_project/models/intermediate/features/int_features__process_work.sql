with

seen as (
    select
        dates.as_of_on,
        daily.*,
        dates.as_of_on - daily.on_date as age_days
    from {{ ref('int_features__dates') }} as dates
    inner join {{ ref('int_tickets__process_day') }} as daily on {{ in_window('daily.on_date', 56) }}
),

tickets as (
    select
        as_of_on,
        process_id,
        {{ window_sum('tickets_opened', 7) }} as tickets_opened_7d,
        {{ window_sum('tickets_opened', 56) }} as tickets_opened_56d,
        {{ window_sum('tickets_finished', 7) }} as tickets_finished_7d,
        {{ window_sum('tickets_finished', 28) }} as tickets_finished_28d,
        {{ window_sum('tickets_breached', 7) }} as tickets_breached_7d,
        {{ window_sum('tickets_breached', 28) }} as tickets_breached_28d,
        {{ window_sum('tickets_breached', 56) }} as tickets_breached_56d,
        {{ window_sum('tickets_reopened', 28) }} as tickets_reopened_28d,
        {{ window_sum('tickets_without_evidence', 28) }} as tickets_without_evidence_28d,
        {{ window_sum('tickets_reassigned', 28) }} as tickets_reassigned_28d,
        max(case when age_days = 0 then backlog_open end) as backlog_open,
        max(case when age_days = 28 then backlog_open end) as backlog_open_before,
        sum(backlog_open) as backlog_open_56d,
        {{ window_days('on_date', 56) }} as ticket_days_56d,
        {{ window_weeks(56) }} as ticket_weeks_56d
    from seen
    group by as_of_on, process_id
),

open_tickets as (
    select
        as_of_on,
        process_id,
        sum(tickets_overdue) as tickets_overdue,
        sum(tickets_due_7d) as tickets_due_7d,
        max(oldest_ticket_days) as oldest_ticket_days
    from {{ ref('int_features__open_tickets') }}
    group by as_of_on, process_id
),

changes as (
    select
        dates.as_of_on,
        steps.process_id,
        count(*) as changes_closed_90d,
        count(*) filter (steps.change_type = 'emergency') as emergencies_90d
    from {{ ref('int_features__dates') }} as dates
    inner join {{ ref('int_controls__change_steps') }} as steps on {{ in_window('steps.known_on') }}
    where steps.step = 'closed'
    group by dates.as_of_on, steps.process_id
)

select
    as_of_on,
    process_id,
    tickets.* exclude (as_of_on, process_id),
    {{ own_deviation('backlog_open', 'backlog_open_56d', 'ticket_days_56d') }} as backlog_own_deviation_1d,
    {{ own_deviation('tickets_opened_7d', 'tickets_opened_56d', 'ticket_weeks_56d') }} as tickets_opened_own_deviation_7d,
    {{ own_deviation('tickets_breached_7d', 'tickets_breached_56d', 'ticket_weeks_56d') }} as tickets_breached_own_deviation_7d,
    open_tickets.* exclude (as_of_on, process_id),
    changes.* exclude (as_of_on, process_id)
from tickets
left join open_tickets using (as_of_on, process_id)
left join changes using (as_of_on, process_id)
