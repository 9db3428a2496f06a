{{ config(materialized='ephemeral') }}

with

logons as (
    select
        account_id,
        agent_id,
        account_system_id,
        occurred_on,
        tested_on,
        max(known_on) as known_on,
        sum(logons) as logons
    from {{ ref('int_controls__logon_days') }}
    where kind = 'shared'
    group by all
),

-- Nobody knows who sat at a shared account without a holder: it counts for every process of the client of its system.
client_processes as (
    select
        logons.account_id,
        logons.tested_on,
        processes.process_id
    from (select distinct account_id, account_system_id, tested_on from logons where agent_id is null) as logons
    inner join {{ ref('int_access__system_history') }} as systems
        on logons.account_system_id = systems.system_id and {{ is_valid('systems', 'logons.tested_on') }}
    inner join {{ ref('int_ops__process_history') }} as processes
        on systems.client_id = processes.client_id and {{ is_valid('processes', 'logons.tested_on') }}
),

final as (
    select
        logons.*,
        coalesce(agents.process_id, client_processes.process_id) as process_id
    from logons
    left join {{ ref('int_entities__agent_day') }} as agents
        on logons.agent_id = agents.agent_id and logons.tested_on = agents.on_date
    left join client_processes
        on logons.account_id = client_processes.account_id and logons.tested_on = client_processes.tested_on
)

select * from final
