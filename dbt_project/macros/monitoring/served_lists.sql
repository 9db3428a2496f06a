{#- Which served list a run may write. What was served cannot be served again, so a list is written for as long as no later one is:
    an old day that is run again would be listed by a model that has seen how it ended. -#}

{#- Condition on as_of_on of the run's list: no later list was served. -#}
{% macro is_newest_list(column) -%}
    {%- if is_incremental() -%}
        {{ column }} >= (select coalesce(max(served.as_of_on), date '0001-01-01') from {{ this }} as served)
    {%- else -%}
        true
    {%- endif -%}
{%- endmacro %}

{#- Pre-hook: takes out the run's own list where it may be written again. -#}
{% macro delete_newest_list() -%}
    {%- if is_incremental() -%}
        delete from {{ this }} where as_of_on = {{ last_day() }} and {{ is_newest_list('as_of_on') }}
    {%- endif -%}
{%- endmacro %}
