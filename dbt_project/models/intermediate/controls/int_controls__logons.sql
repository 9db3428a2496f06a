{{ config(materialized='table') }}

with

events as (
    select * from {{ ref('int_feed__auth_events') }} where outcome = 'success' and {{ is_tested_now('known_on') }}
),

accounts as (
    select * from {{ ref('int_access__account_history') }} where {{ is_human_account() }} or kind = 'shared'
),

-- Leave and absence, one list per worker and UTC day they touch: each log-in meets one row.
away_days as (
    select
        worker_id,
        cast(utc_on as date) as utc_on,
        list(struct_pack(from_at, to_at, valid_from, valid_to)) as spans
    from (
        select
            worker_id,
            starts_at as from_at,
            ends_at as to_at,
            valid_from,
            coalesce(valid_to, date '9999-12-31') as valid_to,
            unnest(generate_series(cast(starts_at as date), cast(ends_at as date), interval 1 day)) as utc_on
        from {{ ref('int_hr__shift_history') }}
        where kind in ('leave', 'absence') and is_approved is not false
    ) as days
    group by all
),

final as (
    select
        accounts.worker_id as agent_id,
        accounts.kind,
        accounts.system_id as account_system_id,
        events.account_id,
        events.known_on,
        events.occurred_on,
        events.occurred_at,
        events.country,
        events.site,
        events.device_id,
        coalesce(
            len(list_filter(away_days.spans, lambda span: {{ span_holds('span', 'events') }})) > 0, false
        ) as is_owner_away
    from events
    inner join accounts on events.account_id = accounts.account_id and {{ is_valid('accounts', 'events.known_on') }}
    left join away_days on accounts.worker_id = away_days.worker_id and cast(events.occurred_at as date) = away_days.utc_on
)

select * from final
