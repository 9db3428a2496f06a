{{ config(materialized='ephemeral') }}

with

control as (
    {{ control_row('JML-01') }}
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
        max(list_days.known_on) as seen_on
    from ({{ day_spine() }}) as days
    inner join list_days on days.on_date >= list_days.known_on
    group by days.on_date
),

versions as (
    select
        *,
        lead(valid_from) over (partition by account_id order by valid_from) as replaced_on
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
        versions.is_enabled
        and (versions.disabled_at is null or versions.disabled_at > {{ day_end_at('leavers.on_date') }})
        and (versions.valid_to is null or versions.valid_to > leavers.on_date) as is_enabled,
        -- Closed when a list first says so, on the day it was to be closed, or when a list no longer has it.
        case
            when not versions.is_enabled then versions.valid_from
            else least(versions.valid_to, greatest({{ local_date('versions.disabled_at') }}, versions.valid_from))
        end as closed_known_on,
        if(sensitive.account_id is null, control.limit_hours, control.limit_hours_privileged) as limit_hours
    from {{ ref('int_controls__leaver_days') }} as leavers
    cross join control
    inner join versions
        on
            leavers.agent_id = versions.worker_id
            and leavers.on_date >= versions.valid_from
            and (versions.replaced_on is null or leavers.on_date < versions.replaced_on)
            and (versions.disabled_at is null or leavers.termination_date <= {{ local_date('versions.disabled_at') }})
    left join {{ ref('int_controls__sensitive_accounts') }} as sensitive
        on versions.account_id = sensitive.account_id and leavers.on_date >= sensitive.sensitive_from
),

-- The leaving date is the last day of work, so the limit counts from its end.
final as (
    select
        held.* exclude (limit_hours, valid_from),
        cast(held.valid_from as timestamp) as known_at,
        {{ day_end_at('seen.seen_on') }} as seen_until,
        {{ day_end_at('held.on_date') }} as ends_at,
        {{ day_end_at('held.closed_known_on') }} as closed_by_at,
        {{ day_end_at('held.termination_date') }} + {{ hours('held.limit_hours') }} as deadline_at
    from held
    inner join seen on held.on_date = seen.on_date
    where held.is_recent or held.is_enabled
)

select * from final
