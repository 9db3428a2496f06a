{{ config(
    materialized='incremental',
    incremental_strategy='version_history',
    unique_key=['source', 'worker_id', 'kind'],
    on_schema_change='fail',
) }}

{{ version_history(
    feed='int_feed__screenings',
    key=['worker_id', 'kind'],
    columns=[
        'status', 'completed_at', 'expires_at', 'updated_at',
    ],
) }}
