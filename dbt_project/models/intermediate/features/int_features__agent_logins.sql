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
        {{ window_sum('failed_logins', 56) }} as failed_logins_56d,
        {{ window_sum('logins_without_mfa', 7) }} as logins_without_mfa_7d,
        {{ window_sum('logins_without_mfa', 28) }} as logins_without_mfa_28d,
        {{ window_sum('logins_without_mfa', 56) }} as logins_without_mfa_56d,
        {{ window_sum('logins - logins_mfa_unknown', 28) }} as logins_mfa_known_28d,
        {{ window_sum('logins_off_shift', 7) }} as logins_off_shift_7d,
        {{ window_sum('logins_off_shift', 28) }} as logins_off_shift_28d,
        {{ window_sum('logins_off_shift', 56) }} as logins_off_shift_56d,
        {{ window_sum('logins_unmanaged_device', 28) }} as logins_unmanaged_device_28d,
        {{ window_days('occurred_on', 28) }} as login_days_28d,
        {{ window_days('occurred_on', 90) }} as login_days_90d,
        {{ window_weeks(56) }} as login_weeks_56d
    from seen
    group by as_of_on, agent_id
)

select
    *,
    {{ ratio('failed_logins_28d', 'failed_logins_28d + logins_28d') }} as failed_login_ratio_28d,
    {{ trend('logins_28d', 'login_days_28d', 'logins_90d', 'login_days_90d') }} as logins_trend_28d,
    {{ own_deviation('failed_logins_7d', 'failed_logins_56d', 'login_weeks_56d') }} as failed_logins_own_deviation_7d,
    {{ own_deviation('logins_without_mfa_7d', 'logins_without_mfa_56d', 'login_weeks_56d') }}
        as logins_without_mfa_own_deviation_7d,
    {{ own_deviation('logins_off_shift_7d', 'logins_off_shift_56d', 'login_weeks_56d') }} as logins_off_shift_own_deviation_7d
from windows
