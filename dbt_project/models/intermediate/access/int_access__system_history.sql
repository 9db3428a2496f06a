{{ config(materialized='incremental', incremental_strategy='snapshot_history', on_schema_change='fail') }}

{{ snapshot_history(
    feed='int_feed__systems',
    staged='stg_canonical__systems',
    key=['system_id'],
    columns=[
        'name', 'client_id', 'regulated',
    ],
) }}
