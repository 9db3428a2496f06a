{{ config(
    materialized='daily_rows',
    pre_hook="{{ delete_new_days('on_date') }}",
) }}

{{ ticket_days('agent_id') }}
