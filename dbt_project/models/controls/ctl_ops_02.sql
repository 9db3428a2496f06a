with

cases as (
    select * from {{ ref('int_controls__closed_cases') }}
),

open_cases as (
    select process_id, on_date, backlog_open from {{ ref('int_tickets__process_day') }}
),

compared as (
    select
        cases.*,
        open_cases.backlog_open,
        conformance.is_never_skip_missing and not cases.is_older_than_looked_back as is_never_skip_missing,
        conformance.missing_steps is not null and cases.is_older_than_looked_back as is_start_unknown,
        conformance.has_unknown_role,
        concat_ws(
            '; ',
            if(cases.is_older_than_looked_back, null, 'missing: ' || conformance.missing_steps),
            'before an earlier step: ' || conformance.early_steps,
            'repeated: ' || conformance.repeated_steps,
            'by a role that may not: ' || conformance.forbidden_steps
        ) as deviation
    from cases
    inner join {{ ref('int_controls__case_conformance') }} as conformance using (source, ticket_id, tested_on)
    left join open_cases on cases.process_id = open_cases.process_id and cases.tested_on = open_cases.on_date
),

judged as (
    select
        agent_id,
        process_id,
        ticket_id as item_key,
        tested_on,
        closed_at as occurred_at,
        cast(known_on as timestamp) as known_at,
        1 as exposure,
        is_never_skip_missing,
        case when deviation != '' then true when not is_start_unknown and not has_unknown_role then false end as is_exception,
        case
            when deviation != '' then deviation
            when is_start_unknown then 'opened too long ago: its first steps were not looked for'
            when has_unknown_role then 'the role of somebody who did a step is not known'
            when backlog_open > 0 then 'open cases of the process left out: ' || backlog_open
        end as reason,
        source_row as evidence
    from compared
    union all by name
    select
        agent_id,
        process_id,
        coalesce(agent_id, 'nobody') || '|' || coalesce(process_id, 'none') || '|' || known_on as item_key,
        tested_on,
        min(closed_at) as occurred_at,
        cast(known_on as timestamp) as known_at,
        count(*) as exposure,
        false as is_never_skip_missing,
        cast(null as boolean) as is_exception,
        'no procedure is kept in procedure_steps' as reason,
        min(source_row) as evidence
    from cases
    where procedure_name is null
    group by agent_id, process_id, known_on, tested_on
),

final as (
    {{ control_items('OPS-02', 'judged', zero_tolerance='items.is_never_skip_missing') }}
)

select * from final
