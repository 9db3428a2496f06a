with

control as (
    {{ control_row('ACC-01') }}
),

workers as (
    select
        *,
        lead(valid_from) over (partition by source, worker_id order by valid_from) as replaced_on
    from {{ ref('int_hr__worker_history') }}
),

-- The day from which nobody answers for the account. A leaver answers until the time for closing it is over.
final as (
    select
        accounts.*,
        accounts.kind in ('service', 'break_glass') as is_registered,
        workers.worker_id is null as is_unknown,
        workers.termination_date,
        case
            when accounts.worker_id is null or workers.worker_id is null then accounts.enabled_from
            when
                {{ day_end_at('workers.termination_date') }} + {{ hours('control.limit_hours') }}
                <= {{ day_end_at('accounts.on_date') }}
                then workers.termination_date
            when workers.termination_date is not null then null
            when workers.valid_to <= accounts.on_date then workers.valid_to
            when workers.employment_status = 'terminated' then workers.valid_from
        end as unowned_from
    from {{ ref('int_controls__account_processes') }} as accounts
    cross join control
    left join workers
        on
            accounts.worker_id = workers.worker_id
            and accounts.on_date >= workers.valid_from
            and (workers.replaced_on is null or accounts.on_date < workers.replaced_on)
    where accounts.is_open
)

select * from final
