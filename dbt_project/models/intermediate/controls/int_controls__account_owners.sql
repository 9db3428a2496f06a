{{ config(materialized='ephemeral') }}

with

versions as (
    select
        *,
        last_value(worker_id ignore nulls) over (
            partition by source, account_id order by valid_from rows between unbounded preceding and current row
        ) as last_worker_id,
        lead(valid_from) over account as replaced_on,
        -- Still the same spell: enabled for the same person in the list before, without a gap.
        coalesce(
            is_enabled
            and lag(is_enabled) over account
            and lag(valid_to) over account = valid_from
            and lag(worker_id) over account is not distinct from worker_id,
            false
        ) as is_same_spell
    from {{ ref('int_access__account_history') }}
    window account as (partition by source, account_id order by valid_from)
),

final as (
    select
        * exclude (is_same_spell),
        max(valid_from) filter (not is_same_spell) over (partition by source, account_id order by valid_from) as enabled_from
    from versions
)

select * from final
