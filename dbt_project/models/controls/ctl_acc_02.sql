with

control as (
    {{ control_row('ACC-02') }}
),

accounts as (
    select * from {{ ref('int_controls__agent_accounts') }} where not is_on_leave
),

logons as (
    select * from {{ ref('int_controls__account_logons') }} where known_on <= {{ last_day() }}
),

log_begins as (
    select min(known_on) as log_begins_on from logons
),

-- Logons known before the run count on its first day.
timeline as (
    select
        account_id,
        greatest(known_on, {{ first_day() }}) as on_date,
        last_logon_on,
    from logons
    union all
    select
        account_id,
        on_date,
        null as last_logon_on,
    from accounts
),

last_logons as (
    select
        account_id,
        on_date,
        max(max(last_logon_on)) over (partition by account_id order by on_date) as last_logon_on,
    from timeline
    group by account_id, on_date
),

used as (
    select
        accounts.*,
        last_logons.last_logon_on,
        coalesce(last_logons.last_logon_on, {{ local_date('accounts.created_at') }}) as last_used_on,
        control.limit_days,
        -- An older account that was never seen in the log may have been used before the log begins.
        last_logons.last_logon_on is null and log_begins.log_begins_on > accounts.on_date - control.limit_days as is_log_too_short,
    from accounts
    inner join last_logons on accounts.account_id = last_logons.account_id and accounts.on_date = last_logons.on_date
    cross join control
    cross join log_begins
),

judged as (
    select
        agent_id,
        process_id,
        account_id || '|' || coalesce(cast(last_used_on as varchar), 'unknown') as item_key,
        on_date as tested_on,
        cast(last_used_on + limit_days as timestamp) as occurred_at,
        cast(on_date as timestamp) as known_at,
        1 as exposure,
        case
            when on_date - last_used_on <= limit_days then false
            when not is_log_too_short then on_date - last_used_on > limit_days
        end as is_exception,
        case
            when on_date - last_used_on <= limit_days then null
            when is_log_too_short then 'no log-on seen, and the log is shorter than ' || limit_days || ' days'
            when last_logon_on is null then 'never used since it was made on ' || last_used_on
            else 'last used on ' || last_logon_on
        end as reason,
        source_row as evidence,
    from used
),

final as (
    {{ control_items('ACC-02', 'judged') }}
)

select * from final
