{#- One flag per control that can fail for this kind of entity: the pooled model tells controls apart by them. -#}
{% macro control_flags(control_ids) -%}
    {%- for control_id in control_ids %}
    (pairs.control_id = '{{ control_id }}')::integer::double as is_control_{{ control_id | lower | replace('-', '_') }}
    {{- ',' if not loop.last }}
    {%- endfor %}
{%- endmacro %}

{#- VARCHAR: the size of a process in words, for slices of an evaluation. -#}
{% macro size_band(headcount) -%}
    case
        when {{ headcount }} < 20 then 'under 20 people'
        when {{ headcount }} < 100 then '20 to 99 people'
        when {{ headcount }} >= 100 then '100 people or more'
    end
{%- endmacro %}

{#- VARCHAR: the time since hiring in words, for slices of an evaluation. -#}
{% macro tenure_band(days) -%}
    case
        when {{ days }} < 90 then 'under 90 days'
        when {{ days }} < 365 then '90 days to a year'
        when {{ days }} >= 365 then 'a year or more'
    end
{%- endmacro %}
