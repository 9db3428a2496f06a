with

changes as (
    select * from {{ ref('int_controls__change_approvals') }}
),

judged as (
    select
        null as agent_id,
        process_id,
        ticket_id || '|' || coalesce(cast(actual_start_at as varchar), 'unknown') as item_key,
        tested_on,
        coalesce(actual_start_at, finished_at) as occurred_at,
        cast(known_on as timestamp) as known_at,
        1 as exposure,
        -- A change of unknown type that kept the rule passes; one that broke it may be a kind the rule is not for.
        case
            when actual_start_at is null then null
            when breach is null then false
            when change_type is not null then true
        end as is_exception,
        case
            when actual_start_at is null then 'finished without a recorded start'
            when breach is not null and change_type is null then breach || ', type of change unknown'
            else breach
        end as reason,
        source_row as evidence
    from changes
),

final as (
    {{ control_items('CHG-01', 'judged') }}
)

select * from final
