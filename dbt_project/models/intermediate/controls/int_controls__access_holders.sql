with

agents as (
    select * from {{ ref('int_entities__agent_day') }} where {{ is_run_day('on_date') }} and not is_on_leave
),

accounts as (
    select * from {{ ref('int_access__account_history') }} where kind = 'personal' and is_enabled and disabled_at is null
),

sensitive_systems as (
    select * from {{ ref('int_access__system_history') }}
    where list_has_any(string_split(replace(regulated, ' ', ''), ','), ['pci', 'phi'])
),

sensitive_processes as (
    select * from {{ ref('int_entities__process_day') }}
    where {{ is_run_day('on_date') }} and list_has_any(string_split(replace(regulated, ' ', ''), ','), ['pci', 'phi'])
),

holders as (
    select
        agents.on_date,
        agents.agent_id,
        agents.process_id,
        agents.tenure_days,
        min({{ local_date('accounts.created_at') }}) as access_on,
        min(accounts.source_row) as source_row,
        count(systems.system_id) > 0 as has_sensitive_system
    from agents
    inner join accounts
        on
            agents.agent_id = accounts.worker_id
            and {{ is_valid('accounts', 'agents.on_date') }}
    left join sensitive_systems as systems
        on
            accounts.system_id = systems.system_id
            and {{ is_valid('systems', 'agents.on_date') }}
    group by agents.on_date, agents.agent_id, agents.process_id, agents.tenure_days
),

final as (
    select
        holders.* exclude (has_sensitive_system),
        holders.has_sensitive_system or sensitive_processes.process_id is not null as has_sensitive_access
    from holders
    left join sensitive_processes
        on holders.on_date = sensitive_processes.on_date and holders.process_id = sensitive_processes.process_id
)

select * from final
