{{ config(materialized='ephemeral') }}

with

control as (
    {{ control_row('DATA-01') }}
),

uses as (
    select * from {{ ref('int_access__agent_data_uses') }} where action in ('view', 'search') and customer_ref is not null
),

systems as (
    select * from {{ ref('int_access__system_history') }}
),

-- Views on a system that the list says is not regulated are out of scope; an unlisted system is not known to be.
final as (
    select
        uses.agent_id,
        uses.customer_ref,
        uses.occurred_at,
        uses.occurred_on,
        uses.known_on,
        uses.delivery_id,
        uses.occurred_at - to_minutes(control.grace_minutes) as earliest_at,
        uses.occurred_at + to_minutes(control.grace_minutes) as latest_at
    from uses
    cross join control
    left join systems on uses.system_id = systems.system_id and {{ is_valid('systems', 'uses.known_on') }}
    where systems.system_id is null or systems.regulated is not null
)

select * from final
