{{ config(materialized='incremental', incremental_strategy='snapshot_history', on_schema_change='fail') }}

{{ snapshot_history(
    feed='int_feed__processes',
    staged='stg_canonical__processes',
    key=['process_id'],
    columns=[
        'name', 'client_id', 'site', 'criticality', 'regulated', 'owner_id', 'approved_countries',
    ],
) }}
