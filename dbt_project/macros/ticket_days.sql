{#- A whole int_tickets__<entity>_day model: tickets moved on each day and left open at its end, by `entity`
    (agent_id or process_id). Each ticket counts for whom it belonged to at the end of that day. -#}
{% macro ticket_days(entity) -%}
with

changes as (
    select * from {{ ref('int_tickets__changes') }} where {{ is_new('on_date') }} and {{ entity }} is not null
),

history as (
    select * from {{ ref('int_tickets__ticket_history') }}
),

open_tickets as (
    select
        {{ 'assignee_id' if entity == 'agent_id' else 'process_id' }} as {{ entity }},
        valid_from,
        valid_to,
    from history
    where status in ('new', 'in_progress', 'on_hold') and {{ entity if entity == 'process_id' else 'assignee_id' }} is not null
),

days as (
    select cast(spine.day as date) as on_date
    from generate_series(
        {% if is_incremental() %}{{ first_new_day() }}{% else %}(select min(valid_from) from history){% endif %},
        {{ last_day() }},
        interval 1 day
    ) as spine (day)
),

moved as (
    select
        {{ entity }},
        on_date,
        count(*) filter (is_opened) as tickets_opened,
        count(*) filter (is_finished) as tickets_finished,
        count(*) filter (is_breached) as tickets_breached,
        sum(reopenings) as tickets_reopened,
        count(*) filter (is_without_evidence) as tickets_without_evidence,
        sum(reassignments) as tickets_reassigned,
    from changes
    group by {{ entity }}, on_date
),

backlogs as (
    select
        open_tickets.{{ entity }},
        days.on_date,
        count(*) as backlog_open,
    from open_tickets
    inner join days on {{ is_valid('open_tickets', 'days.on_date') }}
    group by open_tickets.{{ entity }}, days.on_date
),

final as (
    select
        {{ entity }},
        on_date,
        {%- for measure in [
            'tickets_opened', 'tickets_finished', 'tickets_breached', 'tickets_reopened', 'tickets_without_evidence',
            'tickets_reassigned', 'backlog_open',
        ] %}
        coalesce({{ measure }}, 0)::integer as {{ measure }},
        {%- endfor %}
    from moved
    full join backlogs using ({{ entity }}, on_date)
)

select * from final
{%- endmacro %}
