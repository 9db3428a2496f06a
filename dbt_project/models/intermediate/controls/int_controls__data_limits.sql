with

control as (
    {{ control_row('DATA-02') }}
),

volumes as (
    select * from {{ ref('int_controls__data_volumes') }}
),

peers as (
    select
        process_id,
        job_role,
        occurred_on,
        tested_on,
        count(*) as agents,
        median(records) + min(control.mad_multiplier) * {{ median_deviation('records') }} as peer_limit_records
    from volumes
    cross join control
    where process_id is not null
    group by process_id, job_role, occurred_on, tested_on
),

final as (
    select
        volumes.*,
        greatest(
            control.hard_limit_records,
            case when peers.agents >= control.min_population then peers.peer_limit_records end
        ) as limit_records,
        control.limit_days
    from volumes
    cross join control
    left join peers
        on
            volumes.process_id = peers.process_id
            and volumes.job_role is not distinct from peers.job_role
            and volumes.occurred_on = peers.occurred_on
            and volumes.tested_on = peers.tested_on
)

select * from final
