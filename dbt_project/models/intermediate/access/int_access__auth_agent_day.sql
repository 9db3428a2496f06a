{{ config(
    materialized='daily_rows',
    pre_hook="{{ delete_new_days('known_on') }}",
) }}

with

logins as (
    select
        agent_id,
        occurred_at,
        occurred_on,
        known_on,
        delivery_id,
        outcome,
        is_mfa,
        is_managed_device,
    from {{ ref('int_access__agent_logins') }}
    where {{ is_new('known_on') }}
),

judged as (
    {{ with_off_shift('logins', off_shift_grace()) }}
),

final as (
    select
        agent_id,
        occurred_on,
        known_on,
        delivery_id,
        count(*) filter (outcome = 'success')::integer as logins,
        count(*) filter (outcome = 'failure')::integer as failed_logins,
        count(*) filter (outcome = 'success' and not is_mfa)::integer as logins_without_mfa,
        count(*) filter (outcome = 'success' and is_mfa is null)::integer as logins_mfa_unknown,
        count(*) filter (outcome = 'success' and is_off_shift)::integer as logins_off_shift,
        count(*) filter (outcome = 'success' and not is_managed_device)::integer as logins_unmanaged_device,
    from judged
    group by agent_id, occurred_on, known_on, delivery_id
)

select * from final
