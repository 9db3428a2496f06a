{{ config(
    materialized='incremental',
    incremental_strategy='version_history',
    unique_key=['source', 'campaign_id', 'item_id'],
    on_schema_change='fail',
) }}

{{ version_history(
    feed='int_feed__access_review_items',
    key=['campaign_id', 'item_id'],
    columns=[
        'account_id', 'entitlement', 'due_at', 'reviewer_id', 'decision', 'decided_at', 'executed_at', 'updated_at',
    ],
) }}
