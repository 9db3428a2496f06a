with

control as (
    {{ control_row('HR-04') }}
),

due as (
    select
        asked.*,
        {{ local_date('asked.signed_at') }} as signed_on,
        case
            when asked.is_signed then {{ local_date('asked.signed_at') }} + control.limit_days
            else greatest(asked.current_from, asked.access_on)
        end as due_on
    from {{ ref('int_controls__document_signatures') }} as asked
    cross join control
),

judged as (
    select
        agent_id,
        process_id,
        agent_id || '|' || document_id || '|' || version || '|' || due_on as item_key,
        on_date as tested_on,
        cast(due_on as timestamp) as occurred_at,
        cast(coalesce(known_on, current_from) as timestamp) as known_at,
        1 as exposure,
        not is_signed or due_on < on_date as is_exception,
        case
            when not is_signed then document_id || ' version ' || version || ' not signed, due ' || due_on
            when due_on < on_date then document_id || ' last signed ' || signed_on || ', due again ' || due_on
        end as reason,
        coalesce(source_row, account_row) as evidence
    from due
),

final as (
    {{ control_items('HR-04', 'judged') }}
)

select * from final
