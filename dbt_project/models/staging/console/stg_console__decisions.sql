with

source as (
    select *
    from {{ source('raw', 'console__decisions') }}
    where {{ is_accepted() }}
),

final as (
    select
        decision_id,
        entity_kind,
        entity_id,
        control_id,
        kind,
        {{ to_utc('decided_at') }} as decided_at,
        {{ to_date('as_of_on') }} as as_of_on,
        {{ to_date('due_on') }} as due_on,
        {{ to_date('expires_on') }} as expires_on,
        action_kind,
        reason_code,
        _occurred_on as decided_on,
        {{ stamps('console') }},
    from source
)

select * from final
