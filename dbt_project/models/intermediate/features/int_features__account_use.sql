-- Days since each enabled personal account was last used: counted from its creation where no log-on is known, 90 at the most.
{%- set most_days = 90 %}

with

accounts as (
    select * from {{ ref('int_controls__agent_accounts') }}
),

logons as (
    select * from {{ ref('int_controls__account_logons') }}
),

last_logons as (
    select
        dates.as_of_on,
        logons.account_id,
        max(logons.last_logon_on) as last_logon_on
    from {{ ref('int_features__dates') }} as dates
    inner join logons on {{ in_window('logons.known_on') }}
    group by dates.as_of_on, logons.account_id
),

log_begins as (
    select min(known_on) as log_begins_on
    from logons
),

used as (
    select
        dates.as_of_on,
        accounts.agent_id,
        accounts.process_id,
        accounts.account_id,
        dates.as_of_on - coalesce(last_logons.last_logon_on, {{ local_date('accounts.created_at') }}) as days_since_use,
        -- The account may have been used before the log begins.
        last_logons.last_logon_on is null and log_begins.log_begins_on > dates.as_of_on - {{ most_days }} as is_log_too_short
    from {{ ref('int_features__dates') }} as dates
    inner join accounts on dates.as_of_on = accounts.on_date
    cross join log_begins
    left join last_logons on dates.as_of_on = last_logons.as_of_on and accounts.account_id = last_logons.account_id
)

select
    as_of_on,
    agent_id,
    process_id,
    account_id,
    case
        when days_since_use < {{ most_days }} then days_since_use
        when days_since_use >= {{ most_days }} and not is_log_too_short then {{ most_days }}
    end as days_since_use
from used
