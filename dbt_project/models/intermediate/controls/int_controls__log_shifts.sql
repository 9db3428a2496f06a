with

days as (
    select * from {{ ref('int_controls__log_days') }}
),

shifts as (
    select
        *,
        {{ local_date('starts_at') }} as starts_on,
        {{ local_date('ends_at') }} as ends_on
    from {{ ref('int_hr__shift_history') }}
    where kind = 'scheduled' or (kind = 'overtime' and is_approved)
),

touched as (
    select
        *,
        unnest([starts_on, ends_on]) as on_date
    from shifts
),

final as (
    select
        days.log_on,
        touched.worker_id as agent_id,
        bool_or(touched.starts_on != touched.ends_on) as is_overnight
    from touched
    inner join days on touched.on_date = days.log_on and {{ is_valid('touched', 'days.known_on') }}
    group by days.log_on, touched.worker_id
)

select * from final
