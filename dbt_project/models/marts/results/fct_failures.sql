{{ config(
    materialized='incremental',
    incremental_strategy='delete+insert',
    unique_key=['control_id', 'entity_kind', 'entity_id', 'item_key', 'is_waived'],
    pre_hook="{{ delete_new_days('failed_on') }}",
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

-- Failures of earlier days that still go on: they have no second onset, also where a waiver came after them.
earlier as (
    select
        control_id,
        entity_kind,
        entity_id,
        item_key,
        is_waived
    from {% if is_incremental() %}{{ this }}{% else %}exceptions{% endif %}
    where {% if is_incremental() %}failed_on < {{ first_day() }}{% else %}false{% endif %}
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
    left join earlier
        on
            onsets.control_id = earlier.control_id
            and onsets.entity_kind = earlier.entity_kind
            and onsets.entity_id = earlier.entity_id
            and onsets.item_key = earlier.item_key
            and (onsets.is_waived = earlier.is_waived or not earlier.is_waived)
    where
        earlier.control_id is null
        and (not onsets.is_waived or onsets.unwaived_on is null or onsets.tested_on < onsets.unwaived_on)
)

select * from final
