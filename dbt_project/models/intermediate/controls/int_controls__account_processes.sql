with

processes as (
    select * from {{ ref('int_entities__process_day') }} where {{ is_run_day('on_date') }}
),

client_days as (
    select distinct
        on_date,
        client_id
    from processes
    where client_id is not null
),

accounts as (
    select
        days.on_date,
        owners.account_id,
        owners.system_id,
        owners.kind,
        owners.worker_id,
        owners.last_worker_id,
        owners.enabled_from,
        owners.source_row,
        owners.is_enabled
        and (owners.disabled_at is null or owners.disabled_at > {{ day_end_at('days.on_date') }})
        and (owners.valid_to is null or owners.valid_to > days.on_date) as is_open,
        last_processes.process_id
    from ({{ day_spine() }}) as days
    inner join {{ ref('int_controls__account_owners') }} as owners
        on days.on_date >= owners.valid_from and (owners.replaced_on is null or days.on_date < owners.replaced_on)
    left join {{ ref('int_controls__last_processes') }} as last_processes
        on owners.last_worker_id = last_processes.worker_id and {{ is_valid('last_processes', 'days.on_date') }}
),

-- Whose process nobody knows counts for every process of the system's client, or for all where that names none.
unplaced as (
    select
        accounts.* exclude (process_id),
        client_days.client_id
    from accounts
    left join {{ ref('int_access__system_history') }} as systems
        on accounts.system_id = systems.system_id and {{ is_valid('systems', 'accounts.on_date') }}
    left join client_days on systems.client_id = client_days.client_id and accounts.on_date = client_days.on_date
    where accounts.process_id is null
),

final as (
    select
        * exclude (system_id),
        true as is_placed
    from accounts
    where process_id is not null
    union all by name
    select
        unplaced.* exclude (system_id, client_id),
        processes.process_id,
        false as is_placed
    from unplaced
    inner join processes
        on
            unplaced.on_date = processes.on_date
            and (unplaced.client_id is null or unplaced.client_id = processes.client_id)
)

select * from final
