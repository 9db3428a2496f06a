with

seen as (
    select
        dates.as_of_on,
        daily.*,
        dates.as_of_on - daily.on_date as age_days
    from {{ ref('int_features__dates') }} as dates
    inner join {{ ref('int_tickets__process_day') }} as daily on {{ in_window('daily.on_date', 29) }}
)

select
    as_of_on,
    process_id,
    {{ window_sum('tickets_finished', 7) }} as tickets_finished_7d,
    {{ window_sum('tickets_finished', 28) }} as tickets_finished_28d,
    {{ window_sum('tickets_breached', 7) }} as tickets_breached_7d,
    {{ window_sum('tickets_breached', 28) }} as tickets_breached_28d,
    {{ window_sum('tickets_reopened', 28) }} as tickets_reopened_28d,
    {{ window_sum('tickets_without_evidence', 28) }} as tickets_without_evidence_28d,
    {{ window_sum('tickets_reassigned', 28) }} as tickets_reassigned_28d,
    max(case when age_days = 0 then backlog_open end) as backlog_open,
    max(case when age_days = 28 then backlog_open end) as backlog_open_before
from seen
group by as_of_on, process_id
