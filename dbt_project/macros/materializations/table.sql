{#- dbt's materialization `table` for DuckDB, which can replace a table in one statement: dbt's own makes it under another name,
    renames both and drops the old one (2026-11: 25 of 50 ms a model). A run that breaks off leaves the old table. -#}
{% materialization table, adapter='duckdb' -%}
    {%- set existing = load_cached_relation(this) -%}
    {%- set target = this.incorporate(type='table') -%}
    {{ run_hooks(pre_hooks, inside_transaction=False) }}
    {{ run_hooks(pre_hooks, inside_transaction=True) }}
    {%- set has_contract = config.get('contract').enforced -%}
    {%- if existing is not none and (existing.is_view or has_contract) -%}
        {%- do drop_relation_if_exists(existing) -%}
    {%- endif -%}
    {%- call statement('main') -%}
        {%- if has_contract -%}
            {{ create_table_as(False, target, compiled_code) }}
        {%- else -%}
            create or replace table {{ target }} as ({{ compiled_code }})
        {%- endif -%}
    {%- endcall -%}
    {{ run_hooks(post_hooks, inside_transaction=True) }}
    {%- do adapter.commit() -%}
    {{ run_hooks(post_hooks, inside_transaction=False) }}
    {{ return({'relations': [target]}) }}
{%- endmaterialization %}
