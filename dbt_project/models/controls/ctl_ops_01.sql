with

control as (
    {{ control_row('OPS-01') }}
),

steps as (
    select
        steps.*,
        {{ local_date('steps.occurred_at') }} as occurred_on,
        steps.step = 'closed' and steps.has_evidence is null as is_evidence_unknown,
        steps.step = 'reopened' or not coalesce(steps.has_evidence, true) as is_exception
    from {{ ref('int_controls__ticket_steps') }} as steps
    cross join control
    where
        {{ is_tested_now('steps.known_on') }}
        and (
            steps.step = 'closed'
            or (steps.step = 'reopened' and steps.occurred_at <= steps.old_finished_at + {{ hours('24 * control.reopen_days') }})
        )
),

agent_days as (
    select
        agent_id,
        process_id,
        occurred_on,
        {{ tested_on('known_on') }} as tested_on,
        min(occurred_at) as occurred_at,
        max(known_on) as known_on,
        count(*) as tickets,
        count(*) filter (is_exception and step = 'closed') as without_evidence,
        count(*) filter (step = 'reopened') as reopened,
        count(*) filter (is_evidence_unknown) as evidence_unknown,
        min(source_row) filter (is_exception) as evidence,
        min(source_row) as first_row
    from steps
    group by all
),

judged as (
    select
        agent_id,
        process_id,
        coalesce(agent_id, 'nobody') || '|' || coalesce(process_id, 'none') || '|' || occurred_on as item_key,
        tested_on,
        occurred_at,
        cast(known_on as timestamp) as known_at,
        tickets as exposure,
        without_evidence + reopened > 0 as is_exception,
        case
            when without_evidence > 0 and reopened > 0
                then without_evidence || ' closed without evidence, ' || reopened || ' reopened'
            when without_evidence > 0 then without_evidence || ' closed without evidence'
            when reopened > 0 then reopened || ' reopened'
            when evidence_unknown > 0 then 're-opening tested only: evidence is not recorded'
        end as reason,
        coalesce(evidence, first_row) as evidence
    from agent_days
),

final as (
    {{ control_items('OPS-01', 'judged') }}
)

select * from final
