{{ config(
    materialized='incremental',
    incremental_strategy='version_history',
    unique_key=['source', 'worker_id', 'starts_at'],
    on_schema_change='fail',
) }}

{{ version_history(
    feed='int_feed__shifts',
    key=['worker_id', 'starts_at'],
    columns=[
        'ends_at', 'kind', 'is_approved', 'updated_at',
    ],
) }}
