with

exceptions as (
    select
        control_id,
        entity_kind,
        entity_id,
        item_key,
        tested_on,
        occurred_at,
        is_zero_tolerance,
        reason,
        evidence,
        'control' as origin
    from {{ ref('fct_tested_items') }}
    where is_exception and {{ is_run_day('tested_on') }}

    union all

    select
        findings.control_id,
        findings.entity_kind,
        findings.entity_id,
        'finding|' || findings.finding_id as item_key,
        {{ tested_on('findings.known_on') }} as tested_on,
        findings.occurred_at,
        false as is_zero_tolerance,
        'finding of ' || findings.finding_source
        || coalesce(', severity ' || findings.severity, '')
        || if(library.control_id is null, ', on control ' || findings.control_id || ' that is not in the library', '') as reason,
        findings.source_row as evidence,
        'finding' as origin
    from {{ ref('int_feed__findings') }} as findings
    left join {{ ref('control_library') }} as library on findings.control_id = library.control_id
    where {{ is_tested_now('findings.known_on') }}
),

final as (
    select
        exceptions.*,
        {{ is_waived('exceptions') }} as is_waived
    from exceptions
)

select * from final
