{{ config(materialized='incremental', incremental_strategy='snapshot_history', on_schema_change='fail') }}

{{ snapshot_history(
    feed='int_feed__accounts',
    staged='stg_canonical__accounts',
    key=['account_id'],
    columns=[
        'worker_id', 'system_id', 'kind', 'is_enabled', 'created_at', 'disabled_at', 'is_mfa_enrolled',
    ],
) }}
