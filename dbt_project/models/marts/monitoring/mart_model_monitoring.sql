{{ config(
    materialized='daily_rows', on_schema_change='fail', pre_hook="{{ delete_run_days('as_of_on') }}"
) }}

with

measures as (
    select * from {{ ref('int_monitoring__drift') }}
    union all by name
    select * from {{ ref('int_monitoring__lists') }}
)

select
    {{ last_day() }} as as_of_on,
    entity_kind,
    measure,
    coalesce(name, '') as name,
    value::double as value,
    limit_value::double as limit_value,
    coalesce(is_ok, true) as is_ok,
    detail
from measures
