{#- What a feature column holds: a DOUBLE, 0 where the feed was there and said nothing, null where the feed was not there. -#}

{#- `within`: the feed must have delivered in that many days up to the as-of date; else nothing is known, and zero is wrong. -#}
{% macro known_count(feed, value, within=28) -%}
    (case when dates.{{ feed }}_age_days < {{ within }} then coalesce({{ value }}, 0) end)::double
{%- endmacro %}

{% macro known_value(feed, value, within=28) -%}
    (case when dates.{{ feed }}_age_days < {{ within }} then {{ value }} end)::double
{%- endmacro %}

{#- Several columns that keep their names. -#}
{% macro known_counts(feed, relation, names, within=28) -%}
    {%- for name in names %}
    {{ known_count(feed, relation ~ '.' ~ name, within) }} as {{ name }}{{ ',' if not loop.last }}
    {%- endfor %}
{%- endmacro %}

{% macro known_values(feed, relation, names, within=28) -%}
    {%- for name in names %}
    {{ known_value(feed, relation ~ '.' ~ name, within) }} as {{ name }}{{ ',' if not loop.last }}
    {%- endfor %}
{%- endmacro %}

{% macro ratio(numerator, denominator) -%}
    ({{ numerator }})::double / nullif({{ denominator }}, 0)
{%- endmacro %}

{#- Mean per active day of a short window against a longer one: 1 = as usual, null without any day in the longer window. -#}
{% macro trend(short_sum, short_days, long_sum, long_days) -%}
    {{ ratio(short_sum, short_days) }} / nullif({{ ratio(long_sum, long_days) }}, 0)
{%- endmacro %}

{#- How far above (+) or below (-) the peers' median, on a log scale so that a count of 0 has a place. -#}
{% macro peer_deviation(value, median) -%}
    ln(1 + {{ value }}) - ln(1 + {{ median }})
{%- endmacro %}

{#- How far above (+) or below (-) the entity's own usual part, a total divided by the weeks or days it is made of, on a log scale.
    Weeks and days without any activity are not counted, so that leave and a late start do not lower what is usual. -#}
{% macro own_deviation(value, total, parts) -%}
    ln(1 + coalesce({{ value }}, 0)) - ln(1 + {{ ratio(total, parts) }})
{%- endmacro %}
