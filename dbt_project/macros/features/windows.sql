{#- Windows are half-open and end with the as-of date d: 7 days at d are d-6 .. d, so the ages (d - day) are 0 .. 6. -#}

{#- The as-of dates this run builds features for, sorted; the last day of the run where none are named. -#}
{% macro feature_dates() -%}
    {%- set given = run_value('feature_dates') -%}
    {%- set dates = given.split(',') if given is string else given -%}
    {{ return((dates or [run_value('max_date')]) | map('string') | sort) }}
{%- endmacro %}

{#- Condition: the day lies in the window of `dates.as_of_on`. The literal bounds repeat it for the scan, because DuckDB skips
    row groups by a constant and not by a join: a daily run reads 90 days, not the history. -#}
{% macro in_window(day, days=90) -%}
    {{ day }} > dates.as_of_on - {{ days }}
            and {{ day }} <= dates.as_of_on
            and {{ day }} > date '{{ feature_dates() | first }}' - {{ days }}
            and {{ day }} <= date '{{ feature_dates() | last }}'
{%- endmacro %}

{#- Sum of a measure over the last `days` days; needs a column age_days = as_of_on - day. Measures are whole numbers, so that the
    order in which threads add them cannot change the last digit. -#}
{% macro window_sum(measure, days) -%}
    sum(case when age_days < {{ days }} then {{ measure }} end)
{%- endmacro %}

{% macro window_days(day, days) -%}
    count(distinct case when age_days < {{ days }} then {{ day }} end)
{%- endmacro %}

{#- Number of weeks, counted back from the as-of date, with any row in the last `days` days. -#}
{% macro window_weeks(days) -%}
    count(distinct case when age_days < {{ days }} then age_days // 7 end)
{%- endmacro %}
