{{ config(
    materialized='incremental',
    incremental_strategy='delete+insert',
    unique_key=['control_id', 'entity_kind', 'entity_id', 'item_key', 'is_waived'],
    pre_hook="{{ delete_run_days('failed_on') }}",
    on_schema_change='fail',
) }}

with

exceptions as (
    select
        control_id,
        entity_kind,
        entity_id,
        item_key,
        tested_on,
        occurred_at,
        reason,
        evidence,
        'control' as origin,
    from {{ ref('fct_tested_items') }}
    where is_exception and {{ is_run_day('tested_on') }}

    union all

    select
        control_id,
        entity_kind,
        entity_id,
        'finding|' || finding_id as item_key,
        {{ tested_on('known_on') }} as tested_on,
        occurred_at,
        'finding of ' || finding_source || coalesce(', severity ' || severity, '') as reason,
        source_row as evidence,
        'finding' as origin,
    from {{ ref('int_feed__findings') }}
    where {{ is_tested_now('known_on') }}
),

waived as (
    select
        exceptions.*,
        {{ is_waived('exceptions') }} as is_waived,
    from exceptions
),

-- The onset: the first day the item was an exception, once while a waiver covered it and once when none did.
onsets as (
    select
        *,
        min(tested_on) filter (not is_waived) over (partition by control_id, entity_kind, entity_id, item_key) as unwaived_on,
    from waived
    qualify
        row_number() over (
            partition by control_id, entity_kind, entity_id, item_key, is_waived
            order by tested_on, occurred_at, evidence
        ) = 1
),

final as (
    select
        onsets.control_id,
        onsets.entity_kind,
        onsets.entity_id,
        onsets.item_key,
        onsets.tested_on as failed_on,
        onsets.occurred_at,
        onsets.reason,
        onsets.evidence,
        onsets.is_waived,
        onsets.origin,
    from onsets
    {%- if is_incremental() %}
    -- Known from an earlier day: the same failure goes on. A waiver that comes after the failure does not make a second one.
    anti join {{ this }} as earlier
        on
            onsets.control_id = earlier.control_id
            and onsets.entity_kind = earlier.entity_kind
            and onsets.entity_id = earlier.entity_id
            and onsets.item_key = earlier.item_key
            and earlier.failed_on < {{ first_day() }}
            and (earlier.is_waived = onsets.is_waived or not earlier.is_waived)
    {%- endif %}
    where not onsets.is_waived or onsets.unwaived_on is null or onsets.tested_on < onsets.unwaived_on
)

select * from final
