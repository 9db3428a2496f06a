{{ config(materialized='ephemeral') }}

with

agents as (
    select * from {{ ref('int_entities__agent_day') }} where {{ is_run_day('on_date') }}
),

rights as (
    select * from {{ ref('int_controls__held_rights') }}
),

final as (
    select
        agents.on_date,
        agents.process_id,
        agents.job_role,
        rights.*
    from agents
    inner join rights
        on
            agents.agent_id = rights.agent_id
            and {{ is_valid('rights', 'agents.on_date') }}
            and (rights.granted_at is null or {{ local_date('rights.granted_at') }} <= agents.on_date)
            and (rights.ends_at is null or rights.ends_at > {{ day_end_at('agents.on_date') }})
)

select * from final
