{#- The population stability index (Siddiqi, Credit Risk Scorecards, 2006): sum over bins of (a - e) x ln(a / e), where e is the
    share of the reference and a the share of today. Its convention: under 0.1 as before, over 0.25 another population. -#}

{#- INTEGER: how many cut points lie below the value; -1 where it is not known. -#}
{% macro bin(value, cut_points) -%}
    case when {{ value }} is null then -1 else len(list_filter({{ cut_points }}, lambda cut: cut < {{ value }})) end::integer
{%- endmacro %}

{#- DOUBLE: one bin's part of the index, from row counts; needs `by`, the columns that make a group. Half a row is added to each
    bin, so that an empty one has a logarithm. -#}
{% macro psi_of_bin(reference_rows, later_rows, by) -%}
    {%- set e = "((coalesce(" ~ reference_rows ~ ", 0) + 0.5) / sum(coalesce(" ~ reference_rows ~ ", 0) + 0.5) over (partition by " ~ by ~ "))" -%}
    {%- set a = "((coalesce(" ~ later_rows ~ ", 0) + 0.5) / sum(coalesce(" ~ later_rows ~ ", 0) + 0.5) over (partition by " ~ by ~ "))" -%}
    ({{ a }} - {{ e }}) * ln({{ a }} / {{ e }})
{%- endmacro %}

{#- DOUBLE: the limit for samples of n and m entities. Without any change the index is about (1/n + 1/m) times a chi-square
    variable with a degree of freedom less than bins (Yurdakul and Naranjo, Statistical properties of the population stability
    index, 2020). Its 99.9 % point for eleven bins is 29.6: a dozen processes must move far before that means anything. -#}
{% macro psi_limit(n, m) -%}
    greatest({{ run_value('drift_psi_limit') }}, 29.6 * (1.0 / nullif({{ n }}, 0) + 1.0 / nullif({{ m }}, 0)))
{%- endmacro %}

{#- Condition: one of the last four weeks' days that could be a training date. -#}
{% macro is_monitored_day(column) -%}
    {{ column }} > {{ last_day() }} - 28 and {{ column }} <= {{ last_day() }} and isodow({{ column }}) = {{ run_value('training_weekday') }}
{%- endmacro %}

{#- Where more of the inputs than this have left their limit, a model of other data is asked for. One in ten: some always move, as
    staff grows older in the job and a client's season ends. -#}
{% macro drifted_inputs_limit() -%}0.1{%- endmacro %}
