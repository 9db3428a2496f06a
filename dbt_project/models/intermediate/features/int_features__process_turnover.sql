-- Of the people on the process 28 (90) days before, the share no longer on it. Null where the spine does not reach back so far.
with

earlier as (
    select
        dates.as_of_on,
        days.agent_id,
        days.process_id,
        dates.as_of_on - days.on_date as age_days
    from {{ ref('int_features__dates') }} as dates
    inner join {{ ref('int_entities__agent_day') }} as days
        on days.on_date = dates.as_of_on - 28 or days.on_date = dates.as_of_on - 90
)

select
    earlier.as_of_on,
    earlier.process_id,
    count(*) filter (earlier.age_days = 28 and today.agent_id is null)::double
    / nullif(count(*) filter (earlier.age_days = 28), 0) as turnover_28d,
    count(*) filter (earlier.age_days = 90 and today.agent_id is null)::double
    / nullif(count(*) filter (earlier.age_days = 90), 0) as turnover_90d
from earlier
left join {{ ref('int_features__agents') }} as today
    on
        earlier.as_of_on = today.as_of_on
        and earlier.agent_id = today.agent_id
        and earlier.process_id = today.process_id
group by earlier.as_of_on, earlier.process_id
