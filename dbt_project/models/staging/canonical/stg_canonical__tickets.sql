with

source as (
    select *
    from {{ source('raw', 'canonical__tickets') }}
    where {{ is_accepted() }}
),

final as (
    select
        ticket_id,
        kind,
        process_id,
        status,
        {{ to_integer('priority') }} as priority,
        {{ to_utc('opened_at') }} as opened_at,
        opened_by,
        assignee_id,
        {{ to_utc('due_at') }} as due_at,
        {{ to_utc('first_response_at') }} as first_response_at,
        {{ to_utc('resolved_at') }} as resolved_at,
        {{ to_utc('closed_at') }} as closed_at,
        close_code,
        {{ to_boolean('sla_met') }} as sla_met,
        {{ to_integer('reopen_count') }} as reopen_count,
        {{ to_integer('reassignment_count') }} as reassignment_count,
        {{ to_boolean('has_evidence') }} as has_evidence,
        customer_ref,
        beneficiary_id,
        account_id,
        change_type,
        {{ to_utc('planned_start_at') }} as planned_start_at,
        {{ to_utc('actual_start_at') }} as actual_start_at,
        {{ to_boolean('has_risk_assessment') }} as has_risk_assessment,
        {{ to_boolean('has_test_plan') }} as has_test_plan,
        {{ to_boolean('has_backout_plan') }} as has_backout_plan,
        {{ to_utc('updated_at') }} as updated_at,
        {{ stamps('canonical') }},
    from source
)

select * from final
