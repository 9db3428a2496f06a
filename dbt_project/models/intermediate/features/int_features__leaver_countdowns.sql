-- The time for closing the accounts of somebody who leaves: days until the first day on which the control sees an open one.
-- Also of somebody whose last day is over, while there is still time.
with

limits as (
    select * from {{ ref('control_library') }} where control_id in ('JML-01', 'ACC-01')
),

accounts as (
    select * from {{ ref('int_access__account_history') }}
    where is_enabled and disabled_at is null and {{ is_human_account() }}
)

select distinct
    dates.as_of_on,
    processes.process_id,
    workers.worker_id as agent_id,
    limits.control_id,
    {{ day_reaching(day_end_at('workers.termination_date') ~ ' + ' ~ hours('limits.limit_hours')) }} - dates.as_of_on as days_left
from {{ ref('int_features__dates') }} as dates
inner join {{ ref('int_hr__worker_history') }} as workers
    on workers.termination_date is not null and {{ is_valid('workers', 'dates.as_of_on') }}
inner join accounts on workers.worker_id = accounts.worker_id and {{ is_valid('accounts', 'dates.as_of_on') }}
cross join limits
left join {{ ref('int_controls__last_processes') }} as processes
    on workers.worker_id = processes.worker_id and {{ is_valid('processes', 'dates.as_of_on') }}
