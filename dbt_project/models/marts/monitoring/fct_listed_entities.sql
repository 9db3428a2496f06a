{{ config(
    materialized='daily_rows', full_refresh=false, on_schema_change='fail', pre_hook="{{ delete_newest_list() }}",
) }}

with

ranked as (
    select
        *,
        row_number() over (
            partition by entity_kind order by exceptions_28d desc, exceptions_90d desc, entity_id asc
        )::integer as rule_rank,
        count(*) over (partition by entity_kind) as entities
    from {{ ref('rank_entities') }}
    where as_of_on = {{ last_day() }} and {{ is_newest_list('as_of_on') }}
),

sized as (
    select
        *,
        greatest(1, ceil(entities * case entity_kind
            when 'agent' then {{ run_value('capacity_agents_ratio') }}
            when 'process' then {{ run_value('capacity_processes_ratio') }}
        end - 1e-9))::integer as list_size
    from ranked
),

controls as (
    select
        entity_kind,
        entity_id,
        list(control_id order by control_id) as control_ids
    from {{ ref('int_ranking__scores') }}
    group by entity_kind, entity_id
)

select
    sized.as_of_on,
    sized.entity_kind,
    sized.entity_id,
    {{ run_value('horizon_days') }}::integer as horizon_days,
    sized.ranked_by,
    sized.list_size,
    sized.rank,
    sized.rule_rank,
    coalesce(sized.rank <= sized.list_size, false) as is_listed,
    sized.rule_rank <= sized.list_size as is_listed_by_rule,
    sized.probability_any,
    controls.control_ids
from sized
inner join controls on sized.entity_kind = controls.entity_kind and sized.entity_id = controls.entity_id
where sized.rank <= sized.list_size or sized.rule_rank <= sized.list_size
