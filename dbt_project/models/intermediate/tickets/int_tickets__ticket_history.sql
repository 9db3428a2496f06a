{{ config(
    materialized='incremental',
    incremental_strategy='version_history',
    unique_key=['source', 'ticket_id'],
    on_schema_change='fail',
) }}

{{ version_history(
    feed='int_feed__tickets',
    key=['ticket_id'],
    columns=[
        'kind', 'process_id', 'status', 'priority', 'opened_at', 'opened_by', 'assignee_id', 'due_at',
        'first_response_at', 'resolved_at', 'closed_at', 'close_code', 'sla_met', 'reopen_count',
        'reassignment_count', 'has_evidence', 'customer_ref', 'beneficiary_id', 'account_id', 'change_type',
        'planned_start_at', 'actual_start_at', 'has_risk_assessment', 'has_test_plan', 'has_backout_plan',
        'updated_at', 'update_number',
    ],
    order_by=['updated_at', 'update_number'],
) }}
