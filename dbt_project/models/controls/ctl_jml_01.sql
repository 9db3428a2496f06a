with

leavers as (
    select * from {{ ref('int_controls__leaver_days') }}
),

account_items as (
    select
        accounts.agent_id,
        accounts.process_id,
        accounts.account_id || '|' || accounts.termination_date as item_key,
        accounts.on_date as tested_on,
        accounts.deadline_at as occurred_at,
        accounts.known_at,
        1 as exposure,
        case
            when accounts.is_enabled and accounts.deadline_at <= accounts.seen_until then true
            -- Lists come weekly in some histories: a list older than the deadline cannot show that the account was still open.
            when accounts.is_enabled and accounts.deadline_at <= accounts.ends_at then null
            when accounts.is_enabled then false
            when accounts.disabled_at is null and accounts.closed_by_at > accounts.deadline_at then null
            -- Removed late: an exception on the day the removal became known, and repaired from the next day on.
            else
                accounts.disabled_at > accounts.deadline_at
                and accounts.on_date = greatest(accounts.closed_known_on, accounts.known_from)
        end as is_exception,
        accounts.evidence,
        accounts.disabled_at,
        accounts.is_enabled,
        accounts.termination_date,
        card_accounts.account_id is not null as is_strict
    from {{ ref('int_controls__leaver_accounts') }} as accounts
    left join {{ ref('int_controls__card_accounts') }} as card_accounts
        on accounts.account_id = card_accounts.account_id and accounts.on_date >= card_accounts.card_from
),

logons as (
    select
        leavers.agent_id,
        leavers.process_id,
        leavers.agent_id || '|' || leavers.termination_date || '|log-on|' || activity.occurred_on as item_key,
        leavers.on_date as tested_on,
        cast(activity.occurred_on as timestamp) as occurred_at,
        cast(max(activity.known_on) as timestamp) as known_at,
        sum(activity.logins) as exposure,
        true as is_exception,
        true as is_strict,
        'logged on after leaving on ' || leavers.termination_date as reason,
        'auth_events|' || leavers.agent_id || '|' || activity.occurred_on as evidence
    from leavers
    inner join {{ ref('int_access__auth_agent_day') }} as activity
        on
            leavers.agent_id = activity.agent_id
            and leavers.termination_date < activity.occurred_on
            and {{ is_tested_now('greatest(activity.known_on, leavers.known_from)') }}
            and leavers.on_date = {{ tested_on('greatest(activity.known_on, leavers.known_from)') }}
    where activity.logins > 0
    group by all
),

judged as (
    select
        * exclude (evidence, disabled_at, is_enabled, termination_date),
        case
            when is_exception and is_enabled then 'account still enabled after leaving on ' || termination_date
            when is_exception then 'account closed late, at ' || strftime(disabled_at, '%Y-%m-%d %H:%M') || ' UTC'
            when is_exception is null then 'no list shows whether the account was closed in time'
        end as reason,
        evidence
    from account_items
    union all by name
    select * from logons
),

final as (
    {{ control_items('JML-01', 'judged', zero_tolerance='items.is_strict') }}
)

select * from final
