with

-- Without any pair in the matrix there is nothing to test, and nobody passes.
holders as (
    select
        on_date,
        agent_id,
        any_value(process_id) as process_id,
        count(distinct entitlement) as rights,
        max(granted_at) as granted_at,
        max(valid_from) as known_on,
        min(source_row) as evidence
    from {{ ref('int_controls__agent_rights') }}
    where exists (select 1 from {{ ref('sod_pairs') }})
    group by on_date, agent_id
    having count(distinct entitlement) > 1
),

toxic as (
    select * from {{ ref('int_controls__toxic_rights') }}
),

judged as (
    select
        holders.agent_id,
        holders.process_id,
        concat_ws('|', holders.agent_id, coalesce(toxic.pair_id, 'none'), cast(toxic.since_at as date)) as item_key,
        holders.on_date as tested_on,
        coalesce(toxic.since_at, holders.granted_at) as occurred_at,
        cast(coalesce(toxic.known_on, holders.known_on) as timestamp) as known_at,
        if(toxic.pair_id is null, holders.rights, 1) as exposure,
        toxic.pair_id is not null as is_exception,
        'holds ' || toxic.entitlement_a || ' and ' || toxic.entitlement_b || coalesce(': ' || toxic.reason, '') as reason,
        coalesce(toxic.evidence, holders.evidence) as evidence
    from holders
    left join toxic on holders.agent_id = toxic.agent_id and holders.on_date = toxic.on_date
),

final as (
    {{ control_items('ACC-05', 'judged') }}
)

select * from final
