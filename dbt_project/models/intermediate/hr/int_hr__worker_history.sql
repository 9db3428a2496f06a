{{ config(materialized='incremental', incremental_strategy='snapshot_history', on_schema_change='fail') }}

{{ snapshot_history(
    feed='int_feed__workers',
    staged='stg_canonical__workers',
    key=['worker_id'],
    columns=[
        'email', 'employment_status', 'employment_type', 'job_role', 'team', 'site', 'country', 'shift_pattern',
        'manager_id', 'hire_date', 'resignation_date', 'termination_date',
    ],
) }}
