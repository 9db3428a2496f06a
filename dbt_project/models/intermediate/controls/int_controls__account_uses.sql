with

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
        last_logon_on
    from logons
    union all
    select
        account_id,
        on_date,
        null as last_logon_on
    from accounts
),

last_logons as (
    select
        account_id,
        on_date,
        max(max(last_logon_on)) over (partition by account_id order by on_date) as last_logon_on
    from timeline
    group by account_id, on_date
),

final as (
    select
        accounts.*,
        last_logons.last_logon_on,
        coalesce(last_logons.last_logon_on, {{ local_date('accounts.created_at') }}) as last_used_on,
        log_begins.log_begins_on
    from accounts
    inner join last_logons on accounts.account_id = last_logons.account_id and accounts.on_date = last_logons.on_date
    cross join log_begins
)

select * from final
