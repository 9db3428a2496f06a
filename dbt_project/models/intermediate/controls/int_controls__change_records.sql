{{ config(materialized='ephemeral') }}

with

control as (
    {{ control_row('CHG-03') }}
),

steps as (
    select * from {{ ref('int_controls__change_steps') }}
),

-- An emergency is written up afterwards: it is looked at when both its closing is known and its time is over.
closed as (
    select
        closed.*,
        started.actual_start_at is not null as is_start_known,
        started.known_on as started_known_on,
        if(
            closed.change_type = 'emergency',
            greatest(
                closed.known_on, {{ local_date('coalesce(started.actual_start_at, closed.finished_at)') }} + control.limit_days
            ),
            closed.known_on
        ) as tested_from
    from steps as closed
    inner join steps as started
        on closed.source = started.source and closed.ticket_id = started.ticket_id and started.step = 'started'
    cross join control
    where closed.step = 'closed' and coalesce(closed.change_type, 'normal') != 'standard'
),

changes as (
    select
        *,
        if(change_type = 'emergency', tested_from, started_known_on) as record_on
    from closed
    where {{ is_tested_now('tested_from') }}
),

final as (
    select
        changes.* exclude (source_row),
        {{ tested_on('changes.tested_from') }} as tested_on,
        records.has_risk_assessment,
        records.has_test_plan,
        records.has_backout_plan,
        records.source_row
    from changes
    inner join {{ ref('int_tickets__ticket_history') }} as records
        on
            changes.source = records.source
            and changes.ticket_id = records.ticket_id
            and {{ is_valid('records', 'changes.record_on') }}
)

select * from final
