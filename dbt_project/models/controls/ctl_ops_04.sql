with

control as (
    {{ control_row('OPS-04') }}
),

steps as (
    select * from {{ ref('int_controls__ticket_steps') }}
    where
        step in ('finished', 'overdue')
        and known_on between date_trunc('week', {{ first_day() }}) and {{ last_day() }}
),

owners as (
    select *, agent_id as entity_id, 'agent' as entity_kind from steps where agent_id is not null
    union all by name
    select *, process_id as entity_id, 'process' as entity_kind from steps where process_id is not null
),

-- A ticket counts once per week, from the day it was finished or fell due, and as late from the day that was known.
tickets as (
    select
        entity_kind,
        entity_id,
        date_trunc('week', known_on) as week_on,
        ticket_id,
        min(known_on) as counted_on,
        min(known_on) filter (is_late) as late_on,
        min(source_row) filter (is_late) as late_row,
        min(source_row) as first_row
    from owners
    group by all
),

days as (
    {{ day_spine() }}
),

weeks as (
    select
        tickets.entity_kind,
        tickets.entity_id,
        tickets.week_on,
        days.on_date,
        count(*) as tickets,
        count(*) filter (tickets.late_on <= days.on_date) as late_tickets,
        coalesce(min(tickets.late_row) filter (tickets.late_on <= days.on_date), min(tickets.first_row)) as evidence
    from days
    inner join tickets
        on date_trunc('week', days.on_date) = tickets.week_on and days.on_date >= tickets.counted_on
    group by all
),

judged as (
    select
        case when weeks.entity_kind = 'agent' then weeks.entity_id end as agent_id,
        case when weeks.entity_kind = 'process' then weeks.entity_id end as process_id,
        weeks.entity_id || '|' || cast(weeks.week_on as date) as item_key,
        weeks.on_date as tested_on,
        cast(weeks.week_on as timestamp) as occurred_at,
        cast(weeks.on_date as timestamp) as known_at,
        weeks.tickets as exposure,
        weeks.late_tickets > control.limit_ratio * weeks.tickets as is_exception,
        case
            when weeks.late_tickets > control.limit_ratio * weeks.tickets
                then weeks.late_tickets || ' of ' || weeks.tickets || ' tickets of the week outside service level'
        end as reason,
        weeks.evidence
    from weeks
    cross join control
    where weeks.tickets >= control.min_population
),

final as (
    {{ control_items('OPS-04', 'judged') }}
)

select * from final
