{{ config(materialized='ephemeral') }}

with

rights as (
    select * from {{ ref('int_controls__agent_rights') }}
),

systems as (
    select * from {{ ref('int_access__system_history') }}
),

-- A right without a client of its own belongs to the client of the system it is for.
clients as (
    select
        rights.on_date,
        rights.agent_id,
        any_value(rights.process_id) as process_id,
        coalesce(rights.client_id, systems.client_id) as client_id,
        count(*) as rights,
        min(rights.granted_at) as granted_at,
        min(rights.valid_from) as known_on,
        min(rights.source_row) as evidence
    from rights
    left join systems on rights.system_id = systems.system_id and {{ is_valid('systems', 'rights.on_date') }}
    where coalesce(rights.client_id, systems.client_id) is not null
    group by rights.on_date, rights.agent_id, coalesce(rights.client_id, systems.client_id)
),

final as (
    select
        on_date,
        agent_id,
        any_value(process_id) as process_id,
        sum(rights) as rights,
        count(*) as clients,
        string_agg(client_id, ', ' order by client_id) as client_ids,
        max(granted_at) as since_at,
        max(known_on) as known_on,
        string_agg(evidence, ';' order by client_id) as evidence
    from clients
    group by on_date, agent_id
)

select * from final
