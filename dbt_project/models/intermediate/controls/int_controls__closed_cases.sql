with

control as (
    {{ control_row('OPS-02') }}
),

procedures as (
    select distinct lower(process_kind) as procedure_name from {{ ref('procedure_steps') }}
),

closed_versions as not materialized (
    select * from {{ ref('int_tickets__ticket_history') }} where status = 'closed'
),

-- Steps may arrive for some days after the closing. One that lies in the future counts as of the day it became known.
settled as (
    select
        closed_versions.*,
        coalesce(closed_at, resolved_at, updated_at) as ended_at,
        greatest(
            valid_from, least(valid_from, {{ local_date('coalesce(closed_at, resolved_at, updated_at)') }}) + grace_days
        ) as settled_on
    from closed_versions
    cross join (select cast(ceil(limit_hours / 24) as integer) as grace_days from control) as control
    where valid_from between {{ first_untested_day() }} - grace_days and {{ last_day() }}
),

new_closings as (
    select * from settled where {{ is_tested_now('settled_on') }}
),

first_closings as (
    select source, ticket_id, min(valid_from) as valid_from
    from closed_versions
    semi join new_closings using (source, ticket_id)
    group by source, ticket_id
),

-- A case that came back and was closed again repeats steps in good order, so only its first closing is looked at.
closings as (
    select new_closings.* from new_closings semi join first_closings using (source, ticket_id, valid_from)
),

named as (
    select
        closings.*,
        {{ tested_on('closings.settled_on') }} as tested_on,
        coalesce(processes.name, closings.process_id) as process_name
    from closings
    left join {{ ref('int_ops__process_history') }} as processes
        on closings.process_id = processes.process_id and {{ is_valid('processes', tested_on('closings.settled_on')) }}
),

final as (
    select
        named.source,
        named.ticket_id,
        named.assignee_id as agent_id,
        named.process_id,
        named.valid_from as known_on,
        named.tested_on,
        named.ended_at as closed_at,
        named.source_row,
        coalesce(of_process.procedure_name, of_kind.procedure_name) as procedure_name,
        {{ local_date('named.opened_at') }} < named.settled_on - control.limit_days as is_older_than_looked_back
    from named
    cross join control
    left join procedures as of_process on lower(named.process_name) = of_process.procedure_name
    left join procedures as of_kind on named.kind = of_kind.procedure_name
    -- Work without a procedure has nothing to conform to. Where nobody keeps any procedure, that is what is unknown.
    where
        coalesce(of_process.procedure_name, of_kind.procedure_name) is not null
        or (select count(*) from procedures) = 0
)

select * from final
