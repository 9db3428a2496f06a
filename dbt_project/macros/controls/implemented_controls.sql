{#- Which controls have a model, and the union of their tested items. -#}

{#- List of control ids. dbt has to know the models of a union before it can read the library, so they are named here; a test
    holds this list equal to the library's implemented rows and to the model files. -#}
{% macro implemented_controls() -%}
    {{ return([
        'JML-01', 'JML-02', 'JML-03',
        'ACC-01', 'ACC-02', 'ACC-03', 'ACC-04', 'ACC-05', 'ACC-06',
        'DATA-01', 'DATA-02', 'DATA-03', 'DATA-04',
        'HR-01', 'HR-02', 'HR-03', 'HR-04',
        'CHG-01', 'CHG-02', 'CHG-03', 'CHG-04',
        'INC-01',
        'OPS-01', 'OPS-02', 'OPS-03', 'OPS-04',
        'SEC-01', 'SEC-02', 'SEC-03', 'SEC-04', 'SEC-05',
    ]) }}
{%- endmacro %}

{#- List of the controls whose models could not be built in this run: it goes on without them, and says so. -#}
{% macro failed_controls() -%}
    {{ return(run_value('failed_controls').split(',')) }}
{%- endmacro %}

{#- Select: the tested items of every implemented control whose model could be built. -#}
{% macro union_controls() -%}
    {%- for control_id in implemented_controls() if control_id not in failed_controls() %}
    select * from {{ ref('ctl_' ~ control_id | lower | replace('-', '_')) }}
    {%- if not loop.last %}
    union all by name
    {%- endif %}
    {%- endfor %}
{%- endmacro %}
