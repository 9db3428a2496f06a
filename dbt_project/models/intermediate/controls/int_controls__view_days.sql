{{ config(materialized='ephemeral') }}

with

control as (
    {{ control_row('DATA-01') }}
),

counts as (
    select
        needs.*,
        deliveries.superseded_on as visible_to
    from {{ ref('int_controls__view_needs') }} as needs
    left join {{ source('ops', 'deliveries') }} as deliveries on needs.delivery_id = deliveries.delivery_id
    where needs.known_on <= {{ last_day() }}
),

touched as (
    select
        agent_id,
        occurred_on,
        {{ tested_on('known_on') }} as tested_on,
        max(known_on) as known_on,
        sum(views) as views,
        sum(views_without_case) as views_without_case
    from counts
    where {{ is_tested_now('known_on') }}
    group by all
),

-- Only days with a view to explain are worth the look at the days before.
recent as (
    select
        touched.agent_id,
        touched.occurred_on,
        touched.tested_on,
        sum(counts.views) as recent_views,
        sum(counts.views_without_case) as recent_views_without_case
    from touched
    cross join control
    inner join counts
        on
            touched.agent_id = counts.agent_id
            and counts.occurred_on between touched.occurred_on - control.limit_days + 1 and touched.occurred_on
            and {{ is_visible('counts', 'touched.tested_on') }}
    where touched.views_without_case > 0
    group by all
),

final as (
    select
        touched.*,
        recent.recent_views,
        recent.recent_views_without_case,
        greatest(control.limit_count, control.limit_ratio * touched.views) as day_limit,
        greatest(control.limit_count, control.limit_ratio * recent.recent_views) as recent_limit,
        control.limit_days
    from touched
    cross join control
    left join recent
        on
            touched.agent_id = recent.agent_id
            and touched.occurred_on = recent.occurred_on
            and touched.tested_on = recent.tested_on
)

select * from final
