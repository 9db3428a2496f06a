{#- Instants of the local day, in UTC, for limits counted in hours. -#}

{#- TIMESTAMP in UTC: the end of the local day `day`. -#}
{% macro day_end_at(day) -%}
    {{ local_to_utc("cast(" ~ day ~ " + 1 as timestamp)") }}
{%- endmacro %}

{#- INTERVAL of a number of hours, minutes or seconds held in a column. -#}
{% macro hours(column) -%}
    to_seconds(cast({{ column }} * 3600 as bigint))
{%- endmacro %}

{#- Median absolute deviation, an aggregate that only DuckDB has under this name. -#}
{% macro median_deviation(column) -%}
    mad({{ column }})
{%- endmacro %}
