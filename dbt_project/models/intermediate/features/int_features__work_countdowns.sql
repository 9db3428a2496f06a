-- Limits of tickets and reviews: days until the first day on which the control sees the exception if nobody acts.
with

limits as (
    select * from {{ ref('control_library') }}
),

-- Each open ticket with the moment its time is over.
tickets as (
    select
        dates.as_of_on,
        tickets.process_id,
        limits.control_id,
        least(
            case
                when tickets.due_at is not null or limits.control_id != 'SEC-05' then tickets.due_at
                when tickets.priority = 1 then tickets.opened_at + {{ hours('24 * limits.limit_days') }}
                else tickets.opened_at + {{ hours('24 * limits.limit_days_other') }}
            end,
            case
                when limits.control_id = 'INC-01' and tickets.status = 'new' and tickets.first_response_at is null
                    then tickets.opened_at + {{ hours('limits.response_hours') }}
            end,
            case
                when limits.control_id = 'INC-01' and tickets.assignee_id is null
                    then tickets.updated_at + {{ hours('limits.unowned_hours') }}
            end
        ) as ends_at
    from {{ ref('int_features__dates') }} as dates
    inner join {{ ref('int_tickets__ticket_history') }} as tickets on {{ is_valid('tickets', 'dates.as_of_on') }}
    inner join limits
        on limits.control_id = case tickets.kind
            when 'security_incident' then 'INC-01'
            when 'remediation' then 'OPS-03'
            when 'vulnerability' then 'SEC-05'
        end
    where tickets.status in ('new', 'in_progress', 'on_hold') and tickets.resolved_at is null
),

-- Each review not decided, and each revocation decided and not carried out.
reviews as (
    select
        dates.as_of_on,
        processes.process_id,
        limits.control_id,
        if(reviews.decision is null, reviews.due_at, reviews.decided_at + {{ hours('24 * limits.limit_days') }}) as ends_at
    from {{ ref('int_features__dates') }} as dates
    inner join {{ ref('int_access__review_history') }} as reviews on {{ is_valid('reviews', 'dates.as_of_on') }}
    inner join limits on limits.control_id = 'ACC-03'
    inner join {{ ref('int_access__account_history') }} as accounts
        on reviews.account_id = accounts.account_id and {{ is_valid('accounts', 'dates.as_of_on') }}
    inner join {{ ref('int_controls__last_processes') }} as processes
        on accounts.worker_id = processes.worker_id and {{ is_valid('processes', 'dates.as_of_on') }}
    where reviews.decision is null or (reviews.decision = 'revoke' and reviews.executed_at is null)
)

select
    as_of_on,
    process_id,
    control_id,
    {{ local_date('ends_at') }} - as_of_on as days_left
from tickets
union all
select
    as_of_on,
    process_id,
    control_id,
    {{ day_reaching('ends_at') }} - as_of_on as days_left
from reviews
