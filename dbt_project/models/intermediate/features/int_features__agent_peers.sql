-- Peers: same process and job role on the same date. Of fewer than three people nothing is the usual value.
{%- set fewest_peers = 3 %}

with

counts as (
    select
        agents.as_of_on,
        agents.agent_id,
        agents.process_id,
        agents.job_role,
        coalesce(logins.logins_off_shift_28d, 0) as logins_off_shift_28d,
        coalesce(data_use.records_viewed_28d, 0) as records_viewed_28d,
        coalesce(work.tickets_finished_28d, 0) as tickets_finished_28d,
        coalesce(data_use.records_exported_28d, 0) as records_exported_28d,
        coalesce(work.overtime_minutes_28d, 0) as overtime_minutes_28d,
        coalesce(work.backlog_open, 0) as backlog_open,
        coalesce(access.entitlements_held, 0) as entitlements_held
    from {{ ref('int_features__agents') }} as agents
    left join {{ ref('int_features__agent_logins') }} as logins
        on agents.as_of_on = logins.as_of_on and agents.agent_id = logins.agent_id
    left join {{ ref('int_features__agent_data_use') }} as data_use
        on agents.as_of_on = data_use.as_of_on and agents.agent_id = data_use.agent_id
    left join {{ ref('int_features__agent_work') }} as work
        on agents.as_of_on = work.as_of_on and agents.agent_id = work.agent_id
    left join {{ ref('int_features__agent_access') }} as access
        on agents.as_of_on = access.as_of_on and agents.agent_id = access.agent_id
),

medians as (
    select
        as_of_on,
        process_id,
        job_role,
        median(logins_off_shift_28d) as logins_off_shift_28d,
        median(records_viewed_28d) as records_viewed_28d,
        median(tickets_finished_28d) as tickets_finished_28d,
        median(records_exported_28d) as records_exported_28d,
        median(overtime_minutes_28d) as overtime_minutes_28d,
        median(backlog_open) as backlog_open,
        median(entitlements_held) as entitlements_held
    from counts
    group by as_of_on, process_id, job_role
    having count(*) >= {{ fewest_peers }}
)

select
    counts.as_of_on,
    counts.agent_id,
    {{ peer_deviation('counts.logins_off_shift_28d', 'medians.logins_off_shift_28d') }} as logins_off_shift_peer_deviation_28d,
    {{ peer_deviation('counts.records_viewed_28d', 'medians.records_viewed_28d') }} as records_viewed_peer_deviation_28d,
    {{ peer_deviation('counts.tickets_finished_28d', 'medians.tickets_finished_28d') }} as tickets_finished_peer_deviation_28d,
    {{ peer_deviation('counts.records_exported_28d', 'medians.records_exported_28d') }} as records_exported_peer_deviation_28d,
    {{ peer_deviation('counts.overtime_minutes_28d', 'medians.overtime_minutes_28d') }} as overtime_peer_deviation_28d,
    {{ peer_deviation('counts.backlog_open', 'medians.backlog_open') }} as backlog_peer_deviation,
    {{ peer_deviation('counts.entitlements_held', 'medians.entitlements_held') }} as entitlements_peer_deviation
from counts
inner join medians
    on
        counts.as_of_on = medians.as_of_on
        and counts.process_id = medians.process_id
        and counts.job_role is not distinct from medians.job_role
