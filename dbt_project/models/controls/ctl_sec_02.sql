with

agents as (
    select * from {{ ref('int_entities__agent_day') }} where {{ is_run_day('on_date') }}
),

logons as (
    select
        agent_id,
        occurred_on,
        {{ tested_on('known_on') }} as tested_on,
        max(known_on) as known_on,
        sum(logins) as logins,
        sum(logins_without_mfa) as logins_without_mfa,
        sum(logins_mfa_unknown) as logins_mfa_unknown
    from {{ ref('int_access__auth_agent_day') }}
    where {{ is_tested_now('known_on') }} and logins > 0
    group by all
),

privileged as (
    select distinct on_date, agent_id
    from {{ ref('int_controls__agent_rights') }}
    where is_privileged
),

judged as (
    select
        logons.agent_id,
        agents.process_id,
        logons.agent_id || '|' || logons.occurred_on as item_key,
        logons.tested_on,
        cast(logons.occurred_on as timestamp) as occurred_at,
        cast(logons.known_on as timestamp) as known_at,
        logons.logins - logons.logins_mfa_unknown as exposure,
        -- Log-ins whose factors are unknown are left out; where none is left, the day cannot be judged.
        case
            when logons.logins_without_mfa > 0 then true
            when logons.logins > logons.logins_mfa_unknown then false
        end as is_exception,
        case
            when logons.logins_without_mfa > 0 then logons.logins_without_mfa || ' log-ins without a second factor'
            when logons.logins_mfa_unknown > 0 then 'log-ins with unknown factors left out'
        end as reason,
        privileged.agent_id is not null as is_privileged,
        'auth_events|' || logons.agent_id || '|' || logons.occurred_on as evidence
    from logons
    left join agents on logons.agent_id = agents.agent_id and logons.tested_on = agents.on_date
    left join privileged on logons.agent_id = privileged.agent_id and logons.tested_on = privileged.on_date
),

final as (
    {{ control_items('SEC-02', 'judged', 'items.is_privileged') }}
)

select * from final
