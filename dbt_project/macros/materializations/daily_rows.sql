{#- Materialization of a table that holds a set of rows per day: the model's pre-hook takes out the days that the run writes again,
    its rows go in, both in one transaction. A column that the table does not have is an error (rebuild with --full-refresh).

    dbt's own `incremental` makes a table of the new rows first and reads the columns of both tables four times, which costs
    more than the few rows of a day do, and there are 55 such models. -#}
{% materialization daily_rows, adapter='duckdb' -%}
    {%- set existing = load_cached_relation(this) -%}
    {%- set target = this.incorporate(type='table') -%}
    {{ run_hooks(pre_hooks, inside_transaction=False) }}
    {{ run_hooks(pre_hooks, inside_transaction=True) }}
    {%- if existing is none or existing.is_view or should_full_refresh() -%}
        {%- do drop_relation_if_exists(existing) -%}
        {%- call statement('main') -%}
            {{ create_table_as(False, target, compiled_code) }}
        {%- endcall -%}
    {%- else -%}
        {%- call statement('main') -%}
            insert into {{ target }} by name ({{ compiled_code }})
        {%- endcall -%}
    {%- endif -%}
    {{ run_hooks(post_hooks, inside_transaction=True) }}
    {%- do adapter.commit() -%}
    {{ run_hooks(post_hooks, inside_transaction=False) }}
    {{ return({'relations': [target]}) }}
{%- endmaterialization %}

{#- Whether the table stands and only the run's days are written: dbt's macro, for our materialization too. -#}
{% macro is_incremental() -%}
    {%- if not execute -%}{{ return(false) }}{%- endif -%}
    {%- set relation = load_cached_relation(this) -%}
    {{ return(
        relation is not none and relation.type == 'table' and not should_full_refresh()
        and model.config.materialized in ('incremental', 'daily_rows')
    ) }}
{%- endmacro %}
