{{ config(
    materialized='incremental',
    incremental_strategy='append',
    pre_hook="{{ delete_new_days('on_date') }}",
    on_schema_change='fail',
) }}

with

library as (
    select * from {{ ref('control_library') }}
),

-- Only exceptions are looked up among the waivers: they are few, and the look-up costs more than the counting.
exceptions as (
    select
        items.*,
        {{ is_waived('items') }} as is_waived
    from {{ ref('fct_tested_items') }} as items
    where items.is_exception and {{ is_run_day('items.tested_on') }}
),

items as (
    select * from exceptions
    union all by name
    select
        *,
        false as is_waived
    from {{ ref('fct_tested_items') }}
    where not is_exception and {{ is_run_day('tested_on') }}
),

counted as (
    select
        control_id,
        entity_kind,
        entity_id,
        tested_on as on_date,
        count(*) as population,
        sum(exposure) as exposure,
        count(*) filter (is_exception and not is_waived) as exceptions,
        count(*) filter (is_waived) as waived_exceptions,
        count(*) filter (is_exception and not is_waived and is_zero_tolerance) as zero_tolerance_exceptions,
        min(reason) filter (is_exception and not is_waived) as exception_reason,
        min(reason) filter (is_waived) as waived_reason,
        min(reason) filter (not is_exception) as remark,
        count(reason) filter (not is_exception) as remarks
    from items
    group by control_id, entity_kind, entity_id, tested_on
),

final as (
    select
        counted.control_id,
        counted.entity_kind,
        counted.entity_id,
        counted.on_date,
        counted.population,
        counted.exposure,
        counted.exceptions,
        counted.waived_exceptions,
        counted.exceptions / counted.population as exception_ratio,
        library.tolerance_ratio,
        counted.exceptions + counted.waived_exceptions > 0 as has_exception,
        -- Some items admit no exception at all, such as privileged access, however many others passed.
        counted.zero_tolerance_exceptions = 0
        and counted.exceptions / counted.population <= library.tolerance_ratio as is_within_tolerance,
        case
            when counted.exceptions > 0 then 'fail'
            when counted.waived_exceptions > 0 then 'waived'
            else 'pass'
        end as status,
        case
            when counted.exceptions > 1 then counted.exception_reason || ', and ' || (counted.exceptions - 1) || ' more'
            else coalesce(counted.exception_reason, counted.waived_reason)
        end as reason,
        case when counted.remarks > 0 then counted.remarks || ' of ' || counted.population || ': ' || counted.remark end as note
    from counted
    inner join library on counted.control_id = library.control_id
)

select * from final
