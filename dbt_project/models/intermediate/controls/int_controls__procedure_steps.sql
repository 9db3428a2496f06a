{{ config(materialized='ephemeral') }}

with

control as (
    {{ control_row('OPS-02') }}
),

cases as (
    select * from {{ ref('int_controls__closed_cases') }} where procedure_name is not null
),

procedure_steps as (
    select
        lower(process_kind) as procedure_name,
        lower(step) as step_name,
        step,
        step_order,
        coalesce(is_never_skip, false) as is_never_skip,
        allowed_job_role
    from {{ ref('procedure_steps') }}
),

case_events as (
    select
        cases.source,
        cases.ticket_id,
        cases.tested_on,
        lower(events.step) as step_name,
        events.occurred_at,
        events.actor_id
    from cases
    inner join {{ ref('int_feed__ticket_events') }} as events
        on
            cases.source = events.source
            and cases.ticket_id = events.ticket_id
            and cases.tested_on >= events.known_on
            -- What is done later belongs to another pass, after the case came back.
            and cases.known_on >= events.occurred_on
    where events.known_on between (select {{ first_untested_day() }} - limit_days from control) and {{ last_day() }}
),

-- Only where a step is kept for some roles is it asked who did it, and which role they had on that day.
performed as (
    select
        case_events.*,
        case
            when procedure_steps.allowed_job_role is null then true
            when workers.job_role is not null
                then list_contains(string_split(procedure_steps.allowed_job_role, ';'), workers.job_role)
        end as is_allowed
    from case_events
    inner join cases using (source, ticket_id, tested_on)
    inner join procedure_steps using (procedure_name, step_name)
    left join {{ ref('int_hr__worker_history') }} as workers
        on
            procedure_steps.allowed_job_role is not null
            and case_events.actor_id = workers.worker_id
            and {{ is_valid('workers', local_date('case_events.occurred_at')) }}
),

final as (
    select
        cases.source,
        cases.ticket_id,
        cases.tested_on,
        procedure_steps.step,
        procedure_steps.step_order,
        procedure_steps.is_never_skip,
        count(performed.step_name) as times_done,
        min(performed.occurred_at) as first_done_at,
        coalesce(bool_or(not performed.is_allowed), false) as has_forbidden_role,
        count(*) filter (performed.step_name is not null and performed.is_allowed is null) > 0 as has_unknown_role
    from cases
    inner join procedure_steps using (procedure_name)
    left join performed using (source, ticket_id, tested_on, step_name)
    group by all
)

select * from final
