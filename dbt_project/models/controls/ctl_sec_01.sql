with

rights as (
    select * from {{ ref('int_controls__client_rights') }}
),

judged as (
    select
        agent_id,
        process_id,
        -- Another client, or the same one given again after it was taken away, is another item.
        concat_ws('|', agent_id, client_ids, if(clients > 1, cast(since_at as date), null)) as item_key,
        on_date as tested_on,
        since_at as occurred_at,
        cast(known_on as timestamp) as known_at,
        rights as exposure,
        clients > 1 as is_exception,
        if(clients > 1, 'rights for clients ' || client_ids, null) as reason,
        evidence
    from rights
),

final as (
    {{ control_items('SEC-01', 'judged') }}
)

select * from final
