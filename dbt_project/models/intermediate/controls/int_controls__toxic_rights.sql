{{ config(materialized='ephemeral') }}

with

rights as (
    select * from {{ ref('int_controls__agent_rights') }}
),

pairs as (
    select * from {{ ref('sod_pairs') }}
),

paired_rights as (
    select entitlement_a as entitlement from pairs
    union
    select entitlement_b as entitlement from pairs
),

held as (
    select
        on_date,
        agent_id,
        entitlement,
        min(granted_at) as granted_at,
        min(valid_from) as known_on,
        string_agg(source_row, ';' order by source_row) as evidence
    from rights
    semi join paired_rights using (entitlement)
    group by on_date, agent_id, entitlement
),

final as (
    select
        a.on_date,
        a.agent_id,
        pairs.pair_id,
        pairs.reason,
        pairs.entitlement_a,
        pairs.entitlement_b,
        greatest(a.granted_at, b.granted_at) as since_at,
        greatest(a.known_on, b.known_on) as known_on,
        a.evidence || ';' || b.evidence as evidence
    from pairs
    inner join held as a on pairs.entitlement_a = a.entitlement
    inner join held as b on pairs.entitlement_b = b.entitlement and a.agent_id = b.agent_id and a.on_date = b.on_date
)

select * from final
