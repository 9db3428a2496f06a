{#- Which as-of dates a run covers, and which rows are new to it. All bounds are inclusive. -#}

{% macro first_day() -%}
    date '{{ var("min_date") }}'
{%- endmacro %}

{% macro last_day() -%}
    date '{{ var("max_date") }}'
{%- endmacro %}

{#- Select: one row per as-of date of the run. grain: on_date -#}
{% macro day_spine() -%}
    select cast(spine.day as date) as on_date
    from generate_series({{ first_day() }}, {{ last_day() }}, interval 1 day) as spine (day)
{%- endmacro %}

{#- DATE literal: the first day whose rows this run has to read. It is min_date, or earlier where days were skipped or broken
    off since the last run that ended before it: what became known on such a day would otherwise never be read. -#}
{% macro first_new_day() -%}
    {%- set first = var('min_date') -%}
    {%- if execute and is_incremental() -%}
        {%- set after_last_run = run_query(
            "select max(to_date) + 1 from " ~ source('ops', 'runs') ~ " where ended_at is not null and to_date < " ~ first_day()
        ).columns[0].values()[0] -%}
        {%- set first = after_last_run or first -%}
    {%- endif -%}
    date '{{ first }}'
{%- endmacro %}

{#- Condition: `column` falls into what this run reads. The first build of a model reads everything known by then, so that
    windows of the first as-of dates are complete. -#}
{% macro is_new(column) -%}
    {%- set first = first_new_day() -%}
    {{ column }} <= {{ last_day() }}
    {%- if is_incremental() %} and {{ column }} >= {{ first }}{% endif %}
{%- endmacro %}

{#- Pre-hook of a model with one row set per as-of date: takes out the days that the run writes again, in the same
    transaction as the insert that follows. -#}
{% macro delete_run_days(column) -%}
    {%- if is_incremental() -%}
        delete from {{ this }} where {{ column }} between {{ first_day() }} and {{ last_day() }}
    {%- endif -%}
{%- endmacro %}

{#- Pre-hook of a model of daily activity, which also writes skipped days (see first_new_day). -#}
{% macro delete_new_days(column) -%}
    {%- set first = first_new_day() -%}
    {%- if is_incremental() -%}
        delete from {{ this }} where {{ column }} between {{ first }} and {{ last_day() }}
    {%- endif -%}
{%- endmacro %}
