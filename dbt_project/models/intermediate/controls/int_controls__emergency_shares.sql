{{ config(materialized='ephemeral') }}

with

control as (
    {{ control_row('CHG-04') }}
),

closed as (
    select
        *,
        {{ local_date('finished_at') }} as finished_on
    from {{ ref('int_controls__change_steps') }}
    where step = 'closed' and process_id is not null
),

-- A share is taken anew on each day on which another change of the process was closed.
days as (
    select distinct
        process_id,
        {{ tested_on('known_on') }} as tested_on
    from closed
    where {{ is_tested_now('known_on') }}
),

final as (
    select
        days.process_id,
        days.tested_on,
        max(closed.finished_at) as finished_at,
        max(closed.known_on) as known_on,
        count(*) as changes,
        count(*) filter (closed.change_type = 'emergency') as emergencies,
        count(*) filter (closed.change_type is null) as untyped_changes,
        coalesce(
            max(closed.source_row) filter (closed.change_type = 'emergency'), max(closed.source_row)
        ) as source_row,
        min(control.limit_ratio) as limit_ratio,
        min(control.limit_days) as limit_days
    from days
    cross join control
    inner join closed
        on
            days.process_id = closed.process_id
            and days.tested_on >= closed.known_on
            and closed.finished_on > days.tested_on - control.limit_days
    group by days.process_id, days.tested_on
    having count(*) >= min(control.min_population)
)

select * from final
