with

agents as (
    select * from {{ ref('int_features__agents') }}
),

accounts as (
    select
        agents.as_of_on,
        agents.agent_id,
        agents.client_id as process_client_id,
        accounts.account_id,
        accounts.is_mfa_enrolled
    from agents
    inner join {{ ref('int_access__account_history') }} as accounts
        on
            agents.agent_id = accounts.worker_id
            and {{ is_valid('accounts', 'agents.as_of_on') }}
    where accounts.is_enabled and {{ is_human_account() }}
),

held as (
    select
        as_of_on,
        agent_id,
        count(*) as accounts_held,
        count(*) filter (not is_mfa_enrolled) as accounts_without_mfa
    from accounts
    group by as_of_on, agent_id
),

entitlements as (
    select
        accounts.as_of_on,
        accounts.agent_id,
        count(*) as entitlements_held,
        count(*) filter (entitlements.is_privileged) as privileged_entitlements,
        count(*) filter (entitlements.client_id != accounts.process_client_id) as earlier_process_entitlements
    from accounts
    inner join {{ ref('int_access__entitlement_history') }} as entitlements
        on
            accounts.account_id = entitlements.account_id
            and {{ is_valid('entitlements', 'accounts.as_of_on') }}
    where entitlements.revoked_at is null or {{ local_date('entitlements.revoked_at') }} > accounts.as_of_on
    group by accounts.as_of_on, accounts.agent_id
),

uses as (
    select
        as_of_on,
        agent_id,
        max(days_since_use) as days_since_last_login_max
    from {{ ref('int_features__account_use') }}
    group by as_of_on, agent_id
)

select
    as_of_on,
    agent_id,
    held.* exclude (as_of_on, agent_id),
    entitlements.* exclude (as_of_on, agent_id),
    uses.* exclude (as_of_on, agent_id)
from held
left join entitlements using (as_of_on, agent_id)
left join uses using (as_of_on, agent_id)
