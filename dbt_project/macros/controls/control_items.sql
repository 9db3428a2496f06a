{#- What every ctl_ model shares: its library row, the run's window, and the one shape of tested items. -#}

{#- Select: the library row of one control. Limits come from it, never from literals in the model. -#}
{% macro control_row(control_id) -%}
    select * from {{ ref('control_library') }} where control_id = '{{ control_id }}'
{%- endmacro %}

{#- DATE literal: the first day whose events no finished run has tested yet, which is min_date unless days were skipped or broken
    off before it. Also asked by models that are built anew in every run, so not guarded as first_new_day is. -#}
{% macro first_untested_day() -%}
    date '{{ day_after_last_run() if execute and not should_full_refresh() else run_value("min_date") }}'
{%- endmacro %}

{#- Condition: an event that became known on `known_on` is tested by this run. -#}
{% macro is_tested_now(known_on) -%}
    {{ known_on }} between {{ first_untested_day() }} and {{ last_day() }}
{%- endmacro %}

{#- DATE: the day an event is tested. It is the day it became known, or the run's first day where no run covered that day. -#}
{% macro tested_on(known_on) -%}
    greatest({{ first_day() }}, {{ known_on }})
{%- endmacro %}

{#- Condition: `column` is an as-of date of this run. -#}
{% macro is_run_day(column) -%}
    {{ column }} between {{ first_day() }} and {{ last_day() }}
{%- endmacro %}

{#- Select: judged items as tested items. `relation` has agent_id, process_id (either may be null), item_key, tested_on, occurred_at,
    known_at, exposure, is_exception (null = could not be judged), reason, evidence. Each item becomes one row per kind of
    entity that the library names, and only on days on which the control can be evaluated. `zero_tolerance` is a condition over
    `items`: where it holds, one exception is already outside tolerance, whatever the control's ratio. -#}
{% macro control_items(control_id, relation, zero_tolerance='false') -%}
    {%- for kind in ['agent', 'process'] %}
    select
        days.control_id,
        '{{ kind }}' as entity_kind,
        items.{{ kind }}_id as entity_id,
        items.item_key,
        items.tested_on,
        items.occurred_at,
        items.known_at,
        cast(items.exposure as double) as exposure,
        items.is_exception,
        coalesce({{ zero_tolerance }}, false) as is_zero_tolerance,
        items.reason,
        items.evidence
    from {{ relation }} as items
    inner join {{ ref('int_controls__days') }} as days on items.tested_on = days.on_date
    where
        days.control_id = '{{ control_id }}'
        and days.is_evaluable
        and days.entity_kinds in ('{{ kind }}', 'both')
        and items.{{ kind }}_id is not null
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
{%- endmacro %}
