with

volumes as (
    select * from {{ ref('int_controls__data_limits') }}
),

over_limit as (
    select * from volumes where records > limit_records
),

approvals as (
    select
        ticket_id,
        known_on,
        {{ local_date('decided_at') }} as decided_on
    from {{ ref('int_feed__approvals') }}
    where decision = 'approved' and known_on <= {{ last_day() }}
),

tickets as (
    select
        ticket_id,
        valid_from,
        valid_to,
        unnest([opened_by, assignee_id, beneficiary_id]) as agent_id
    from {{ ref('int_tickets__ticket_history') }}
    where kind = 'export_request' and status != 'cancelled'
),

-- An approval given on the day or in the days before it, on a ticket that names the agent.
approved as (
    select distinct
        over_limit.agent_id,
        over_limit.occurred_on,
        over_limit.tested_on,
        true as has_approval
    from over_limit
    inner join tickets
        on
            over_limit.agent_id = tickets.agent_id
            and {{ is_valid('tickets', 'over_limit.tested_on') }}
    inner join approvals
        on
            tickets.ticket_id = approvals.ticket_id
            and approvals.known_on <= over_limit.tested_on
            and approvals.decided_on between over_limit.occurred_on - over_limit.limit_days and over_limit.occurred_on
),

judged as (
    select
        volumes.agent_id,
        volumes.process_id,
        volumes.agent_id || '|' || volumes.occurred_on as item_key,
        volumes.tested_on,
        cast(volumes.occurred_on as timestamp) as occurred_at,
        cast(volumes.known_on as timestamp) as known_at,
        volumes.records as exposure,
        volumes.records > volumes.limit_records and approved.has_approval is null as is_exception,
        case
            when volumes.records <= volumes.limit_records then null
            when approved.has_approval then 'above the limit with an approved export ticket'
            else volumes.records || ' records, limit ' || cast(volumes.limit_records as integer) || ', no approved export ticket'
        end as reason,
        'data_access_events|' || volumes.agent_id || '|' || volumes.occurred_on as evidence
    from volumes
    left join approved
        on
            volumes.agent_id = approved.agent_id
            and volumes.occurred_on = approved.occurred_on
            and volumes.tested_on = approved.tested_on
),

final as (
    {{ control_items('DATA-02', 'judged', zero_tolerance='true') }}
)

select * from final
