{#- Which as-of dates a run covers, and which rows are new to it. All bounds are inclusive. -#}

{#- A value of this run: from the environment, where the daily run puts it, else the dbt variable of that name. Only asked for
    when SQL is compiled for execution: dbt then need not parse the project again for every new date (3 s of each start). -#}
{% macro run_value(name) -%}
    {%- set given = env_var('PREAUDIT_RUN_' ~ name | upper, '') if execute else '' -%}
    {{ return(given or var(name)) }}
{%- endmacro %}

{% macro first_day() -%}
    date '{{ run_value("min_date") }}'
{%- endmacro %}

{% macro last_day() -%}
    date '{{ run_value("max_date") }}'
{%- endmacro %}

{#- Select: one row per as-of date of the run. grain: on_date -#}
{% macro day_spine() -%}
    select cast(spine.day as date) as on_date
    from generate_series({{ first_day() }}, {{ last_day() }}, interval 1 day) as spine (day)
{%- endmacro %}

{#- ISO date: the day after the last day before min_date that a finished run covered; min_date where none did. A day that was
    skipped, or whose run broke off, is not covered. -#}
{% macro day_after_last_run() -%}
    {%- set found = run_query(
        "select max(least(to_date + 1, " ~ first_day() ~ ")) from " ~ source('ops', 'runs')
        ~ " where ended_at is not null and from_date < " ~ first_day()
    ).columns[0].values()[0] -%}
    {{ return(found or run_value('min_date')) }}
{%- endmacro %}

{#- DATE literal: the first day whose rows this run has to read. It is min_date, or earlier where days were skipped or broken
    off since the last run that ended before it: what became known on such a day would otherwise never be read. -#}
{% macro first_new_day() -%}
    date '{{ day_after_last_run() if execute and is_incremental() else run_value("min_date") }}'
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

{#- Pre-hook of a model that also writes what became known on skipped days (see first_new_day), and takes out what a run that
    broke off had written there. -#}
{% macro delete_new_days(column) -%}
    {%- set first = first_new_day() -%}
    {%- if is_incremental() -%}
        delete from {{ this }} where {{ column }} between {{ first }} and {{ last_day() }}
    {%- endif -%}
{%- endmacro %}
