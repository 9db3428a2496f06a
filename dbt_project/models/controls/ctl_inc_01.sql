with

control as (
    {{ control_row('INC-01') }}
),

days as (
    select on_date, {{ day_end_at('on_date') }} as ends_at
    from ({{ day_spine() }}) as spine
),

incidents as (
    select * from {{ ref('int_tickets__ticket_history') }} where kind = 'security_incident' and status != 'cancelled'
),

-- A source that never fills the close code does not record it; then its absence says nothing.
close_codes as (
    select min(valid_from) as known_from from incidents where close_code is not null
),

-- Open incidents every day; a closed one for the last time on the day its closing became known.
seen as (
    select
        incidents.*,
        days.on_date,
        days.ends_at,
        control.response_hours,
        control.unowned_hours,
        coalesce(incidents.resolved_at, incidents.closed_at) as finished_at,
        incidents.status in ('resolved', 'closed') as is_finished,
        close_codes.known_from <= days.on_date and incidents.close_code is null as lacks_cause
    from days
    inner join incidents
        on
            {{ is_valid('incidents', 'days.on_date') }}
            and (
                incidents.status != 'closed'
                or ({{ is_tested_now('incidents.valid_from') }} and days.on_date = {{ tested_on('incidents.valid_from') }})
            )
    cross join control
    cross join close_codes
),

judged as (
    select
        null as agent_id,
        process_id,
        ticket_id || '|' || coalesce(reopen_count, 0) as item_key,
        on_date as tested_on,
        opened_at as occurred_at,
        updated_at as known_at,
        1 as exposure,
        priority,
        due_at is not null or sla_met is not null as has_target,
        case
            when not sla_met or coalesce(finished_at, ends_at) > due_at then 'resolved or still open after its target'
            when coalesce(first_response_at, if(status = 'new', ends_at, null)) > opened_at + {{ hours('response_hours') }}
                then 'first response after ' || response_hours || ' hours'
            when not is_finished and assignee_id is null and updated_at + {{ hours('unowned_hours') }} < ends_at
                then 'without an owner for ' || unowned_hours || ' hours'
            when status = 'closed' and lacks_cause then 'closed without a cause'
        end as breach,
        source_row as evidence
    from seen
),

items as (
    select
        *,
        case when breach is not null then true when has_target then false end as is_exception,
        coalesce(breach, case when not has_target then 'neither a target nor a service level flag is known' end) as reason
    from judged
),

final as (
    {{ control_items('INC-01', 'items', zero_tolerance='items.priority <= 2') }}
)

select * from final
