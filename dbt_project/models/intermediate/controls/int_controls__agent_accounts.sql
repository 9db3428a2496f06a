with

agents as (
    select * from {{ ref('int_entities__agent_day') }} where {{ is_run_day('on_date') }}
),

accounts as (
    select * from {{ ref('int_access__account_history') }} where kind = 'personal' and is_enabled and disabled_at is null
),

final as (
    select
        agents.on_date,
        agents.agent_id,
        agents.process_id,
        agents.is_on_leave,
        accounts.account_id,
        accounts.created_at,
        accounts.source_row
    from agents
    inner join accounts
        on
            agents.agent_id = accounts.worker_id
            and {{ is_valid('accounts', 'agents.on_date') }}
)

select * from final
