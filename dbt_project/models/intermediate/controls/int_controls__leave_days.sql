with

shifts as (
    select
        *,
        {{ local_date('starts_at') }} as starts_on,
        {{ local_date('ends_at') }} as ends_on
    from {{ ref('int_hr__shift_history') }}
),

off_shift as (
    select agent_id, occurred_on, known_on
    from {{ ref('int_access__auth_agent_day') }}
    where logins_off_shift > 0 and {{ is_tested_now('known_on') }}
    union
    select agent_id, occurred_on, known_on
    from {{ ref('int_access__data_agent_day') }}
    where events_off_shift > 0 and {{ is_tested_now('known_on') }}
),

-- The counts of a day do not tell its hours apart, so a day counts as leave only where nothing else was rostered on it.
final as (
    select
        off_shift.agent_id,
        off_shift.occurred_on,
        {{ tested_on('off_shift.known_on') }} as tested_on
    from off_shift
    inner join shifts
        on
            off_shift.agent_id = shifts.worker_id
            and off_shift.occurred_on between shifts.starts_on and shifts.ends_on
            and {{ is_valid('shifts', 'off_shift.known_on') }}
    group by all
    having
        bool_or(shifts.kind = 'leave' and shifts.is_approved is not false)
        and not bool_or(shifts.kind = 'scheduled' or (shifts.kind = 'overtime' and shifts.is_approved))
)

select * from final
