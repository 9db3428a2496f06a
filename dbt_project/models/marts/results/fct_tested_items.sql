{{ config(materialized='view') }}

{%- set controls = ['jml_01', 'acc_02', 'data_02', 'data_04', 'hr_02', 'inc_01', 'ops_01', 'ops_04', 'sec_02'] %}

with

final as (
    {%- for control in controls %}
    select * from {{ ref('ctl_' ~ control) }}
    {%- if not loop.last %}
    union all by name
    {%- endif %}
    {%- endfor %}
)

select * from final
