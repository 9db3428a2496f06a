{{ config(
    materialized='daily_rows',
    pre_hook="{{ delete_new_days('on_date') }}",
) }}

with

shifts as (
    select
        *,
        {{ local_date('starts_at') }} as on_date,
        greatest(date_diff('minute', starts_at, ends_at), 0) as minutes,
    from {{ ref('int_hr__shift_history') }}
    where kind in ('scheduled', 'overtime')
),

final as (
    select
        worker_id as agent_id,
        on_date,
        coalesce(sum(minutes) filter (kind = 'scheduled'), 0)::integer as scheduled_minutes,
        coalesce(sum(minutes) filter (kind = 'overtime'), 0)::integer as overtime_minutes,
        count(*) filter (kind = 'scheduled')::integer as shifts,
        count(*) filter (kind = 'overtime')::integer as overtime_shifts,
    from shifts
    where {{ is_new('on_date') }} and {{ is_valid('shifts', 'shifts.on_date') }}
    group by worker_id, on_date
)

select * from final
