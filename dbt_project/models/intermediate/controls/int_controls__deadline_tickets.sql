with

days as (
    select on_date, {{ day_end_at('on_date') }} as ends_at
    from ({{ day_spine() }}) as spine
),

versions as (
    select
        *,
        due_at > lag(due_at) over (partition by source, ticket_id order by valid_from) as is_postponed
    from {{ ref('int_tickets__ticket_history') }}
    where kind in ('remediation', 'vulnerability')
),

tickets as (
    select
        *,
        count(*) filter (is_postponed) over (
            partition by source, ticket_id order by valid_from rows between unbounded preceding and current row
        ) as postponements
    from versions
),

-- Open ones every day; a closed one for the last time on the day its closing became known.
final as (
    select
        tickets.*,
        days.on_date,
        days.ends_at,
        coalesce(tickets.resolved_at, tickets.closed_at, if(tickets.status = 'closed', tickets.updated_at, null)) as finished_at
    from days
    inner join tickets
        on
            {{ is_valid('tickets', 'days.on_date') }}
            and (
                tickets.status not in ('closed', 'cancelled')
                or (
                    tickets.status = 'closed'
                    and {{ is_tested_now('tickets.valid_from') }}
                    and days.on_date = {{ tested_on('tickets.valid_from') }}
                )
            )
)

select * from final
