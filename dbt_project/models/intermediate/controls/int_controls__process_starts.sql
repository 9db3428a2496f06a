{{ config(materialized='ephemeral') }}

with

lists as (
    select min(valid_from) as begin_on from {{ ref('int_hr__assignment_history') }}
),

-- Whoever was there before the lists begin has begun to work before anything is known of it.
assignments as (
    select assignments.*
    from {{ ref('int_hr__assignment_history') }} as assignments
    cross join lists
    where assignments.assigned_from >= lists.begin_on
),

processes as (
    select * from {{ ref('int_ops__process_history') }} where client_id is not null
),

signs_of_work as (
    select
        agent_id,
        process_id,
        'ticket' as start_kind,
        known_on,
        handled_at as started_at,
        source_row
    from {{ ref('int_controls__handled_tickets') }}
    union all
    select
        grants.agent_id,
        processes.process_id,
        'access' as start_kind,
        grants.known_on,
        grants.granted_at as started_at,
        grants.source_row
    from {{ ref('int_controls__worker_grants') }} as grants
    inner join processes
        on
            grants.client_id = processes.client_id
            and {{ is_valid('processes', 'grants.known_on') }}
),

final as (
    select
        signs.agent_id,
        signs.process_id,
        signs.start_kind,
        signs.started_at,
        signs.source_row,
        assignments.assigned_from,
        greatest(signs.known_on, assignments.valid_from) as known_on
    from signs_of_work as signs
    inner join assignments
        on
            signs.agent_id = assignments.worker_id
            and signs.process_id = assignments.process_id
            and (assignments.valid_to is null or signs.known_on < assignments.valid_to)
            and {{ local_date('signs.started_at') }} >= assignments.assigned_from
            and (assignments.assigned_to is null or {{ local_date('signs.started_at') }} <= assignments.assigned_to)
    where signs.known_on <= {{ last_day() }}
    qualify row_number() over (
        partition by signs.agent_id, signs.process_id, assignments.assigned_from, signs.start_kind
        order by greatest(signs.known_on, assignments.valid_from), signs.started_at, signs.source_row
    ) = 1
)

select * from final
