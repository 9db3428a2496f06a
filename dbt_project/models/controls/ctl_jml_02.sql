with

profiles as (
    select * from {{ ref('role_profiles') }}
),

roles as (
    select distinct job_role from profiles
),

agents as (
    select * from {{ ref('int_entities__agent_day') }} where {{ is_run_day('on_date') }}
),

compared as (
    select
        rights.*,
        {{ tested_on('rights.list_on') }} as tested_on,
        agents.process_id,
        agents.job_role,
        roles.job_role is not null as has_profile,
        profiles.is_privileged_allowed or not rights.is_privileged as is_in_profile,
        profiles.entitlement is not null as is_named,
        case
            when rights.client_id is null or list_contains(clients.client_ids, rights.client_id) then false
            when clients.is_complete then true
        end as is_other_client
    from {{ ref('int_controls__mover_rights') }} as rights
    inner join agents on rights.agent_id = agents.agent_id and {{ tested_on('rights.list_on') }} = agents.on_date
    left join {{ ref('int_controls__mover_clients') }} as clients
        on rights.agent_id = clients.agent_id and rights.list_on = clients.list_on
    left join roles on agents.job_role = roles.job_role
    left join profiles on agents.job_role = profiles.job_role and rights.entitlement = profiles.entitlement
),

placed as (
    select
        *,
        case
            when is_other_client then true
            when not has_profile then null
            when not is_named then true
            when not is_in_profile then true
            when is_in_profile then is_other_client
        end as is_outside
    from compared
),

judged as (
    select
        agent_id,
        process_id,
        account_id || '|' || entitlement || '|' || effective_on as item_key,
        tested_on,
        deadline_at as occurred_at,
        cast(list_on as timestamp) as known_at,
        1 as exposure,
        is_outside and is_late as is_exception,
        is_privileged or is_other_client as is_strict,
        if(is_other_client, ', though it is of another client', ', though it is not in the profile of ' || job_role) as why,
        case
            when is_outside and is_late
                then entitlement || ' kept after the move of ' || effective_on || why
            when not is_outside or not is_late then null
            when is_late is null then 'no list shows whether ' || entitlement || ' was taken away in time'
            when not has_profile then 'no role profile for job role ' || job_role
            else 'not known whether ' || entitlement || ' is privileged, or of which client the new process is'
        end as reason,
        evidence
    from placed
),

final as (
    {{ control_items('JML-02', 'judged', zero_tolerance='items.is_strict') }}
)

select * from final
