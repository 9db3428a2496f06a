{{ config(
    materialized='incremental',
    incremental_strategy='delete+insert',
    unique_key=['control_id', 'entity_kind', 'entity_id', 'item_key', 'is_waived'],
    pre_hook="{{ delete_run_days('failed_on') }}",
    on_schema_change='fail',
) }}

with

exceptions as (
    select * from {{ ref('int_controls__exceptions') }}
),

-- The onset: the first day the item was an exception, once while a waiver covered it and once when none did.
onsets as (
    select
        *,
        min(tested_on) filter (not is_waived) over (partition by control_id, entity_kind, entity_id, item_key) as unwaived_on
    from exceptions
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
        onsets.origin
    from onsets
    {%- if is_incremental() %}
    -- Known from an earlier day: the same failure goes on. A waiver that comes after the failure does not make a second one.
    left join {{ this }} as earlier
        on
            onsets.control_id = earlier.control_id
            and onsets.entity_kind = earlier.entity_kind
            and onsets.entity_id = earlier.entity_id
            and onsets.item_key = earlier.item_key
            and earlier.failed_on < {{ first_day() }}
            and (earlier.is_waived = onsets.is_waived or not earlier.is_waived)
    {%- endif %}
    where
        (not onsets.is_waived or onsets.unwaived_on is null or onsets.tested_on < onsets.unwaived_on)
        {%- if is_incremental() %}
        and earlier.control_id is null
        {%- endif %}
)

select * from final
