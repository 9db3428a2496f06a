{#- Which labels a run has to write: those of its own as-of dates, and those whose window its days complete. -#}

{#- DATE: the last day that any run has judged. A re-run of an older range must not un-mature what a later run has seen. -#}
{% macro last_judged_day() -%}
    (select max(judged.on_date) from {{ ref('fct_control_days') }} as judged)
{%- endmacro %}

{#- Condition on as_of_on and horizon_days. A window that has not passed stays unknown whatever happened in it, so a daily run
    touches one older as-of date per horizon; more where days were skipped before it. -#}
{% macro is_label_of_run() -%}
    {%- set first = first_new_day() -%}
    as_of_on between {{ first_day() }} and {{ last_day() }}
    or (
        as_of_on < {{ first_day() }}
        and as_of_on + horizon_days >= {{ first }}
        and as_of_on + horizon_days <= {{ last_judged_day() }}
    )
{%- endmacro %}

{#- Pre-hook: takes out the labels that the run writes again. -#}
{% macro delete_labels_of_run() -%}
    {%- if is_incremental() -%}
        delete from {{ this }} where {{ is_label_of_run() }}
    {%- endif -%}
{%- endmacro %}
