{#- Columns of the library that hold several ids in one text, as rows. -#}

{#- Rows of the words in a text column, which `separator` stands between. -#}
{% macro each_word(column, separator) -%}
    unnest(string_split({{ column }}, '{{ separator }}'))
{%- endmacro %}

{#- Select: framework, reference_id, control_id. `relation` is the library. -#}
{% macro framework_references(relation) -%}
    {%- for framework in ['soc2', 'iso27001', 'nist80053', 'pci', 'hipaa'] %}
    select '{{ framework }}' as framework, {{ each_word(framework, ' ') }} as reference_id, control_id
    from {{ relation }} where {{ framework }} is not null
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
{%- endmacro %}

{#- Select: control_id, feed, is_needed. `relation` is the library. -#}
{% macro feeds_of_controls(relation) -%}
    select control_id, {{ each_word('needs_feeds', ';') }} as feed, true as is_needed from {{ relation }}
    union all
    select control_id, {{ each_word('optional_feeds', ';') }} as feed, false as is_needed from {{ relation }}
    where optional_feeds is not null
{%- endmacro %}
