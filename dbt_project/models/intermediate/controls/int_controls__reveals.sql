with

reveals as (
    select
        *,
        {{ tested_on('known_on') }} as tested_on
    from {{ ref('int_access__agent_data_uses') }}
    where action = 'unmask' and {{ is_tested_now('known_on') }}
),

-- A log that never names a ticket does not record it, which is not the same as working without one.
recorded as (
    select min(known_on) as tickets_recorded_from
    from {{ ref('int_access__data_agent_day') }}
    where events > events_without_ticket
),

tickets as (
    select
        ticket_id,
        min(valid_from) as known_from
    from {{ ref('int_tickets__ticket_history') }}
    where ticket_id in (select ticket_id from reveals)
    group by ticket_id
),

ticket_days as (
    select * from {{ ref('int_feeds__status') }} where feed = 'tickets' and {{ is_run_day('on_date') }}
),

final as (
    select
        reveals.agent_id,
        reveals.occurred_on,
        reveals.known_on,
        reveals.tested_on,
        rights.event_id is not null as has_right,
        -- A number that no list of tickets has is no ticket, once the tickets of the day are known.
        case
            when reveals.ticket_id is null and recorded.tickets_recorded_from <= reveals.tested_on then false
            when tickets.known_from <= reveals.tested_on then true
            when reveals.ticket_id is not null and ticket_days.last_known_on >= reveals.occurred_on then false
        end as has_ticket
    from reveals
    cross join recorded
    left join {{ ref('int_controls__reveal_rights') }} as rights on reveals.event_id = rights.event_id
    left join tickets on reveals.ticket_id = tickets.ticket_id
    left join ticket_days on reveals.tested_on = ticket_days.on_date
)

select * from final
