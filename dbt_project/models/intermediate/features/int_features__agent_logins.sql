with

seen as (
    select
        dates.as_of_on,
        daily.*,
        dates.as_of_on - daily.occurred_on as age_days
    from {{ ref('int_features__dates') }} as dates
    inner join {{ ref('int_access__auth_agent_day') }} as daily
        on
            {{ in_window('daily.occurred_on') }}
            and daily.known_on <= dates.as_of_on
    left join {{ source('ops', 'deliveries') }} as deliveries on daily.delivery_id = deliveries.delivery_id
    where deliveries.superseded_on is null or deliveries.superseded_on > dates.as_of_on
),

windows as (
    select
        as_of_on,
        agent_id,
        {{ window_sum('logins', 28) }} as logins_28d,
        {{ window_sum('logins', 90) }} as logins_90d,
        {{ window_sum('failed_logins', 7) }} as failed_logins_7d,
        {{ window_sum('failed_logins', 28) }} as failed_logins_28d,
        {{ window_sum('logins_without_mfa', 28) }} as logins_without_mfa_28d,
        {{ window_sum('logins - logins_mfa_unknown', 28) }} as logins_mfa_known_28d,
        {{ window_sum('logins_off_shift', 28) }} as logins_off_shift_28d,
        {{ window_sum('logins_unmanaged_device', 28) }} as logins_unmanaged_device_28d,
        {{ window_days('occurred_on', 28) }} as login_days_28d,
        {{ window_days('occurred_on', 90) }} as login_days_90d
    from seen
    group by as_of_on, agent_id
)

select
    *,
    {{ ratio('failed_logins_28d', 'failed_logins_28d + logins_28d') }} as failed_login_ratio_28d,
    {{ trend('logins_28d', 'login_days_28d', 'logins_90d', 'login_days_90d') }} as logins_trend_28d
from windows
