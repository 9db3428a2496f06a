{{ config(materialized='table') }}

with

carried as (
    {{ framework_references(ref('control_library')) }}
),

failing as (
    select control_id, count(*) as entities
    from {{ ref('fct_control_results') }}
    where on_date = {{ last_day() }} and status = 'fail'
    group by control_id
),

tested as (
    select control_id, max(on_date) as last_tested_on
    from {{ ref('fct_control_days') }}
    where tested_items > 0 and on_date <= {{ last_day() }}
    group by control_id
),

-- A control that never had an item it could judge has shown nothing, whatever its feeds say; a day without items is no gap.
controls as (
    select
        days.control_id,
        case
            when not days.is_evaluable then days.status_reason
            when days.tested_items = 0 and days.unjudged_items > 0
                then 'none of ' || days.unjudged_items || ' items could be judged'
            when tested.control_id is null then 'no item to test so far'
        end as gap,
        coalesce(failing.entities, 0) as failing_entities
    from {{ ref('fct_control_days') }} as days
    left join failing on days.control_id = failing.control_id
    left join tested on days.control_id = tested.control_id
    where days.on_date = {{ last_day() }}
),

final as (
    select
        carried.framework,
        carried.reference_id,
        {{ last_day() }} as on_date,
        string_agg(carried.control_id, ' ' order by carried.control_id) as control_ids,
        count(*) as controls,
        count(*) filter (controls.gap is null) as controls_evaluated,
        count(*) filter (controls.failing_entities > 0) as controls_failing,
        cast(sum(controls.failing_entities) as bigint) as failing_entities,
        count(*) filter (controls.gap is null) > 0 as is_covered,
        string_agg(carried.control_id || ': ' || controls.gap, '; ' order by carried.control_id) as gap_reason
    from carried
    inner join controls on carried.control_id = controls.control_id
    group by carried.framework, carried.reference_id
)

select * from final
