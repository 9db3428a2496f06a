with

orphans as (
    select
        *,
        case
            when unowned_from is null or (is_registered and worker_id is null) then null
            when worker_id is null then 'enabled ' || kind || ' account without an owner'
            when is_unknown then 'enabled account of somebody who is on no list of workers'
            when termination_date is not null then 'enabled account of somebody who left on ' || termination_date
            else 'enabled account of somebody who is no longer employed, since ' || unowned_from
        end as breach
    from {{ ref('int_controls__open_accounts') }}
),

privileged as (
    select distinct
        orphans.account_id,
        orphans.on_date
    from orphans
    inner join {{ ref('int_access__entitlement_history') }} as rights
        on orphans.account_id = rights.account_id and {{ is_valid('rights', 'orphans.on_date') }}
    where orphans.breach is not null and rights.is_privileged and rights.revoked_at is null
),

judged as (
    select
        null as agent_id,
        orphans.process_id,
        orphans.account_id || '|' || if(orphans.breach is null, orphans.enabled_from, orphans.unowned_from) as item_key,
        orphans.on_date as tested_on,
        cast(if(orphans.breach is null, orphans.enabled_from, orphans.unowned_from) as timestamp) as occurred_at,
        cast(orphans.on_date as timestamp) as known_at,
        1 as exposure,
        orphans.breach is not null as is_exception,
        privileged.account_id is not null as is_privileged,
        orphans.breach || if(orphans.is_placed, '', ', counted for every process of the system''s client') as reason,
        orphans.source_row as evidence
    from orphans
    left join privileged using (account_id, on_date)
),

final as (
    {{ control_items('ACC-01', 'judged', zero_tolerance='items.is_privileged') }}
)

select * from final
