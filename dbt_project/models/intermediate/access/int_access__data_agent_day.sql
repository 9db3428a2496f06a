{{ config(
    materialized='daily_rows',
    pre_hook="{{ delete_new_days('known_on') }}",
) }}

with

uses as (
    select
        agent_id,
        occurred_at,
        occurred_on,
        known_on,
        delivery_id,
        action in ('view', 'search', 'unmask') as is_viewed,
        coalesce(records, 1) as records,
        ticket_id is null as is_without_ticket,
        action = 'unmask' as is_unmasked,
    from {{ ref('int_access__agent_data_uses') }}
    where {{ is_new('known_on') }}
),

judged as (
    {{ with_off_shift('uses', off_shift_grace()) }}
),

final as (
    select
        agent_id,
        occurred_on,
        known_on,
        delivery_id,
        count(*)::integer as events,
        count(*) filter (is_off_shift)::integer as events_off_shift,
        coalesce(sum(records) filter (is_viewed), 0)::bigint as records_viewed,
        coalesce(sum(records) filter (not is_viewed), 0)::bigint as records_exported,
        count(*) filter (is_without_ticket)::integer as events_without_ticket,
        count(*) filter (is_unmasked)::integer as unmask_events,
    from judged
    group by agent_id, occurred_on, known_on, delivery_id
)

select * from final
