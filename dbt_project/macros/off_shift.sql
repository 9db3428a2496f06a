{#- The rule of work outside one's hours, shared by control DATA-04 and the activity features. -#}

{#- Condition on accounts: one person, and only that person, logs in with it. -#}
{% macro is_human_account() -%}
    worker_id is not null and kind in ('personal', 'break_glass')
{%- endmacro %}

{#- Select: the rows of relation or CTE `events` (agent_id, occurred_at, occurred_on, known_on, ...) plus is_off_shift, as the
    roster was known on known_on. True: outside every scheduled shift and approved overtime widened by `grace_minutes` (a
    number or an SQL expression), or inside leave. Null: no roster was known for the agent's week, so nothing can be said.

    Shifts are laid out by the UTC days they touch and gathered into one list per agent and day: each event meets one row,
    so tens of millions of events need one hash join and no range join. -#}
{% macro with_off_shift(events, grace_minutes) -%}
    select
        events.*,
        case
            when rosters.first_known_on <= events.known_on
                then coalesce(
                    list_bool_or(list_transform(
                        list_filter(roster_days.spans, lambda span: {{ span_holds('span', 'events') }}), lambda span: span.is_leave
                    )),
                    true
                )
        end as is_off_shift,
    from {{ events }} as events
    left join ({{ rostered_weeks() }}) as rosters
        on events.agent_id = rosters.agent_id
        and date_trunc('week', events.occurred_on) = rosters.week_on
    left join ({{ roster_days(grace_minutes, events) }}) as roster_days
        on events.agent_id = roster_days.agent_id
        and cast(events.occurred_at as date) = roster_days.utc_on
{%- endmacro %}

{% macro span_holds(span, event) -%}
    {{ span }}.valid_from <= {{ event }}.known_on and {{ span }}.valid_to > {{ event }}.known_on
    and {{ span }}.from_at <= {{ event }}.occurred_at and {{ span }}.to_at > {{ event }}.occurred_at
{%- endmacro %}

{#- Select: the day the first shift, leave or absence of an agent's week became known. grain: agent_id, week_on -#}
{% macro rostered_weeks() -%}
    select
        worker_id as agent_id,
        date_trunc('week', {{ local_date('starts_at') }}) as week_on,
        min(valid_from) as first_known_on,
    from {{ ref('int_hr__shift_history') }}
    group by all
{%- endmacro %}

{#- Select: what the roster says of each agent and UTC day. grain: agent_id, utc_on
    A daily run lays out only the days its events lie on; a rebuild has events on all of them and is spared the look-up. -#}
{% macro roster_days(grace_minutes, events) -%}
    select
        agent_id,
        cast(utc_on as date) as utc_on,
        list(struct_pack(from_at, to_at, is_leave, valid_from, valid_to)) as spans,
    from (
        select
            *,
            unnest(generate_series(cast(from_at as date), cast(to_at as date), interval 1 day)) as utc_on,
        from (
            select
                worker_id as agent_id,
                kind = 'leave' as is_leave,
                case when kind = 'leave' then starts_at else starts_at - to_minutes({{ grace_minutes }}) end as from_at,
                case when kind = 'leave' then ends_at else ends_at + to_minutes({{ grace_minutes }}) end as to_at,
                valid_from,
                coalesce(valid_to, date '9999-12-31') as valid_to,
            from {{ ref('int_hr__shift_history') }}
            where kind = 'scheduled' or (kind = 'overtime' and is_approved) or (kind = 'leave' and is_approved is not false)
        ) as spans
    ) as days
    {%- if is_incremental() %}
    where cast(utc_on as date) in (select cast(occurred_at as date) from {{ events }})
    {%- endif %}
    group by agent_id, utc_on
{%- endmacro %}

{#- Scalar subquery: the grace of control DATA-04 in minutes. -#}
{% macro off_shift_grace() -%}
    (select grace_minutes::integer from {{ ref('control_library') }} where control_id = 'DATA-04')
{%- endmacro %}
