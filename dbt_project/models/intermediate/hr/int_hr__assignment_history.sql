{{ config(materialized='incremental', incremental_strategy='snapshot_history', on_schema_change='fail') }}

{{ snapshot_history(
    feed='int_feed__process_assignments',
    staged='stg_canonical__process_assignments',
    key=['worker_id', 'process_id', 'assigned_from'],
    columns=[
        'assigned_to',
    ],
) }}
