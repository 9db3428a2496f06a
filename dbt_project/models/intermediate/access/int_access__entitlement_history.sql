{{ config(materialized='incremental', incremental_strategy='snapshot_history', on_schema_change='fail') }}

{{ snapshot_history(
    feed='int_feed__entitlements',
    staged='stg_canonical__entitlements',
    key=['account_id', 'entitlement'],
    columns=[
        'is_privileged', 'client_id', 'granted_at', 'revoked_at', 'request_ticket_id', 'approved_until',
    ],
) }}
