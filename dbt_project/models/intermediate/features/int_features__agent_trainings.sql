select
    dates.as_of_on,
    trainings.worker_id as agent_id,
    count(*) filter ({{ local_date('trainings.due_at') }} < dates.as_of_on) as trainings_overdue,
    min({{ local_date('trainings.due_at') }} - dates.as_of_on)
    filter ({{ local_date('trainings.due_at') }} >= dates.as_of_on) as days_until_training_due
from {{ ref('int_features__dates') }} as dates
inner join {{ ref('int_hr__training_history') }} as trainings on {{ is_valid('trainings', 'dates.as_of_on') }}
where trainings.completed_at is null
group by dates.as_of_on, trainings.worker_id
