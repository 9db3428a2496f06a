{{ config(materialized='ephemeral') }}

with

agents as (
    select * from {{ ref('int_entities__agent_day') }} where {{ is_run_day('on_date') }}
),

activity as (
    select
        activity.*,
        deliveries.superseded_on as visible_to
    from {{ ref('int_access__data_agent_day') }} as activity
    left join {{ source('ops', 'deliveries') }} as deliveries on activity.delivery_id = deliveries.delivery_id
    where activity.known_on <= {{ last_day() }}
),

touched as (
    select distinct
        agent_id,
        occurred_on,
        {{ tested_on('known_on') }} as tested_on
    from activity
    where {{ is_tested_now('known_on') }}
),

-- Rows that come late add to what was known of the day before.
volumes as (
    select
        touched.agent_id,
        touched.occurred_on,
        touched.tested_on,
        max(activity.known_on) as known_on,
        greatest(coalesce(sum(activity.records_viewed), 0), coalesce(sum(activity.records_exported), 0)) as records
    from touched
    inner join activity
        on
            touched.agent_id = activity.agent_id
            and touched.occurred_on = activity.occurred_on
            and {{ is_visible('activity', 'touched.tested_on') }}
    group by all
),

final as (
    select
        volumes.*,
        agents.process_id,
        agents.job_role
    from volumes
    left join agents on volumes.agent_id = agents.agent_id and volumes.tested_on = agents.on_date
)

select * from final
