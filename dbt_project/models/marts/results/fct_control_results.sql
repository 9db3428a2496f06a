{{ config(
    materialized='daily_rows',
    pre_hook="{{ delete_new_days('on_date') }}",
) }}

with

library as (
    select * from {{ ref('control_library') }}
),

-- The one pass over all items. Exceptions are counted apart: they are few, and only they are looked up among the waivers.
judged as (
    select
        control_id,
        entity_kind,
        entity_id,
        tested_on as on_date,
        count(*) as population,
        sum(exposure) as exposure,
        min(reason) filter (not is_exception) as remark,
        count(reason) filter (not is_exception) as remarks
    from {{ ref('fct_tested_items') }}
    where is_exception is not null and {{ is_run_day('tested_on') }}
    group by control_id, entity_kind, entity_id, tested_on
),

broken as (
    select
        control_id,
        entity_kind,
        entity_id,
        tested_on as on_date,
        count(*) filter (not is_waived) as exceptions,
        count(*) filter (is_waived) as waived_exceptions,
        count(*) filter (not is_waived and is_zero_tolerance) as zero_tolerance_exceptions,
        min(reason) filter (not is_waived) as exception_reason,
        min(reason) filter (is_waived) as waived_reason
    from {{ ref('int_controls__exceptions') }}
    where origin = 'control'
    group by control_id, entity_kind, entity_id, tested_on
),

counted as (
    select
        judged.*,
        coalesce(broken.exceptions, 0) as exceptions,
        coalesce(broken.waived_exceptions, 0) as waived_exceptions,
        coalesce(broken.zero_tolerance_exceptions, 0) as zero_tolerance_exceptions,
        broken.exception_reason,
        broken.waived_reason
    from judged
    left join broken using (control_id, entity_kind, entity_id, on_date)
),

final as (
    select
        counted.* exclude (zero_tolerance_exceptions, exception_reason, waived_reason, remark, remarks),
        counted.exceptions / counted.population as exception_ratio,
        library.tolerance_ratio,
        counted.exceptions + counted.waived_exceptions > 0 as has_exception,
        -- Some items admit no exception at all, such as privileged access, however many others passed.
        counted.zero_tolerance_exceptions = 0
        and counted.exceptions / counted.population <= library.tolerance_ratio as is_within_tolerance,
        case when counted.exceptions > 0 then 'fail' when counted.waived_exceptions > 0 then 'waived' else 'pass' end as status,
        case
            when counted.exceptions > 1 then counted.exception_reason || ', and ' || (counted.exceptions - 1) || ' more'
            else coalesce(counted.exception_reason, counted.waived_reason)
        end as reason,
        case when counted.remarks > 0 then counted.remarks || ' of ' || counted.population || ': ' || counted.remark end as note
    from counted
    inner join library on counted.control_id = library.control_id
)

select * from final
