{{ config(
    materialized='daily_rows',
    pre_hook="{{ delete_new_days('on_date') }}",
) }}

with

looked_at as (
    select control_id, entity_kind, entity_id, on_date, population as judged_items, 0 as unjudged_items, null as reason
    from {{ ref('fct_control_results') }}
    where {{ is_run_day('on_date') }}
    union all by name
    select control_id, entity_kind, entity_id, on_date, 0 as judged_items, items as unjudged_items, reason
    from {{ ref('int_controls__unjudged') }}
),

placed as (
    select
        looked_at.*,
        if(looked_at.entity_kind = 'process', looked_at.entity_id, agents.process_id) as process_id
    from looked_at
    inner join {{ ref('control_library') }} as library
        on looked_at.control_id = library.control_id
    left join {{ ref('int_entities__agent_day') }} as agents
        on
            looked_at.entity_kind = 'agent'
            and looked_at.entity_id = agents.agent_id
            and looked_at.on_date = agents.on_date
    -- A control for both kinds has the items of its agents in its processes already.
    where looked_at.entity_kind = 'process' or library.entity_kinds = 'agent'
),

final as (
    select
        control_id,
        process_id,
        on_date,
        cast(sum(judged_items) as bigint) as judged_items,
        cast(sum(unjudged_items) as bigint) as unjudged_items,
        min(reason) as reason
    from placed
    where process_id is not null
    group by control_id, process_id, on_date
)

select * from final
