select
    dates.as_of_on,
    tickets.assignee_id as agent_id,
    tickets.process_id,
    count(*) filter ({{ local_date('tickets.due_at') }} <= dates.as_of_on) as tickets_overdue,
    count(*) filter (
        {{ local_date('tickets.due_at') }} > dates.as_of_on and {{ local_date('tickets.due_at') }} <= dates.as_of_on + 7
    ) as tickets_due_7d,
    max(dates.as_of_on - {{ local_date('tickets.opened_at') }}) as oldest_ticket_days
from {{ ref('int_features__dates') }} as dates
inner join {{ ref('int_tickets__ticket_history') }} as tickets on {{ is_valid('tickets', 'dates.as_of_on') }}
where tickets.status in ('new', 'in_progress', 'on_hold')
group by dates.as_of_on, tickets.assignee_id, tickets.process_id
