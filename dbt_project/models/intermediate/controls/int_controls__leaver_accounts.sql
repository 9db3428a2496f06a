with

control as (
    {{ control_row('JML-01') }}
),

leavers as (
    select * from {{ ref('int_controls__leaver_days') }}
),

-- The last list of accounts known by each day: how far the lists can see.
list_days as (
    select distinct accounts.known_on
    from {{ ref('int_feed__accounts') }} as accounts
    cross join control
    where accounts.known_on between {{ first_day() }} - control.limit_days and {{ last_day() }}
),

seen as (
    select
        days.on_date,
        max(list_days.known_on) as seen_on,
    from ({{ day_spine() }}) as days
    inner join list_days on days.on_date >= list_days.known_on
    group by days.on_date
),

sensitive_accounts as (
    select
        account_id,
        min(valid_from) as sensitive_from,
    from {{ ref('int_access__entitlement_history') }}
    where is_privileged
    group by account_id
),

card_systems as (
    select
        system_id,
        min(valid_from) as sensitive_from,
    from {{ ref('int_access__system_history') }}
    where ',' || replace(regulated, ' ', '') || ',' like '%,pci,%'
    group by system_id
),

versions as (
    select
        *,
        lead(valid_from) over (partition by account_id order by valid_from) as replaced_on,
        is_enabled and disabled_at is null as is_open,
    from {{ ref('int_access__account_history') }}
    where {{ is_human_account() }}
),

held as (
    select
        leavers.*,
        versions.account_id,
        versions.disabled_at,
        versions.source_row as evidence,
        versions.valid_from,
        versions.is_open and (versions.valid_to is null or versions.valid_to > leavers.on_date) as is_enabled,
        case when versions.is_open then versions.valid_to else versions.valid_from end as closed_known_on,
        case
            when sensitive_accounts.account_id is not null or card_systems.system_id is not null then control.limit_hours_privileged
            else control.limit_hours
        end as limit_hours,
    from leavers
    cross join control
    inner join versions
        on
            leavers.agent_id = versions.worker_id
            and versions.valid_from <= leavers.on_date
            and (versions.replaced_on is null or versions.replaced_on > leavers.on_date)
            and (versions.disabled_at is null or {{ local_date('versions.disabled_at') }} >= leavers.termination_date)
    left join sensitive_accounts
        on versions.account_id = sensitive_accounts.account_id and sensitive_accounts.sensitive_from <= leavers.on_date
    left join card_systems on versions.system_id = card_systems.system_id and card_systems.sensitive_from <= leavers.on_date
),

-- The leaving date is the last day of work, so the limit counts from its end.
final as (
    select
        held.* exclude (limit_hours, limit_days, valid_from),
        cast(held.valid_from as timestamp) as known_at,
        {{ day_end_at('seen.seen_on') }} as seen_until,
        {{ day_end_at('held.termination_date') }} + {{ hours('held.limit_hours') }} as deadline_at,
    from held
    inner join seen on held.on_date = seen.on_date
    where held.is_recent or held.is_enabled
)

select * from final
