{{ config(
    materialized='incremental',
    incremental_strategy='append',
    pre_hook="{{ delete_new_days('on_date') }}",
    on_schema_change='fail',
) }}

{{ ticket_days('agent_id') }}
