{{ config(
    materialized='incremental',
    incremental_strategy='version_history',
    unique_key=['source', 'worker_id', 'course_id', 'assigned_at'],
    on_schema_change='fail',
) }}

{{ version_history(
    feed='int_feed__trainings',
    key=['worker_id', 'course_id', 'assigned_at'],
    columns=[
        'scope', 'due_at', 'completed_at', 'expires_at', 'score', 'updated_at',
    ],
) }}
