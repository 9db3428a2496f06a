with

processes as (
    select
        on_date as as_of_on,
        process_id,
        headcount,
        list_position(['low', 'medium', 'high', 'critical'], criticality) - 1 as criticality_level,
        (regulated is not null)::integer as is_regulated
    from {{ ref('int_entities__process_day') }}
    where on_date in (select as_of_on from {{ ref('int_features__dates') }})
),

people as (
    select
        as_of_on,
        process_id,
        count(*) as people,
        count(*) filter (tenure_days < 90) as new_people,
        count(*) filter (tenure_days >= 365) as senior_people,
        count(*) filter (days_since_process_change < 28) as people_moved_in_28d,
        count(tenure_days) as people_with_tenure,
        median(tenure_days) as median_tenure_days,
        count(*) filter (is_on_notice) as people_on_notice,
        count(*) filter (employment_type = 'contractor') as contractors
    from {{ ref('int_features__agents') }}
    group by as_of_on, process_id
),

headcounts as (
    select
        dates.as_of_on,
        days.process_id,
        max(case when days.on_date = dates.as_of_on - 28 then days.headcount end) as before_28d,
        max(days.headcount) as highest_90d
    from {{ ref('int_features__dates') }} as dates
    inner join {{ ref('int_entities__process_day') }} as days on {{ in_window('days.on_date') }}
    group by dates.as_of_on, days.process_id
)

select
    processes.as_of_on,
    processes.process_id,
    processes.headcount,
    processes.criticality_level,
    processes.is_regulated,
    {{ ratio('processes.headcount - headcounts.before_28d', 'headcounts.before_28d') }} as headcount_change_28d,
    1 - {{ ratio('processes.headcount', 'headcounts.highest_90d') }} as vacancy_ratio_90d,
    {{ ratio('people.new_people', 'people.people_with_tenure') }} as new_staff_ratio,
    {{ ratio('people.senior_people', 'people.people_with_tenure') }} as senior_staff_ratio,
    {{ ratio('people.people_moved_in_28d', 'people.people') }} as moved_in_ratio_28d,
    people.median_tenure_days,
    {{ ratio('people.people_on_notice', 'people.people') }} as notice_ratio,
    {{ ratio('people.contractors', 'people.people') }} as contractor_ratio
from processes
left join people on processes.as_of_on = people.as_of_on and processes.process_id = people.process_id
left join headcounts on processes.as_of_on = headcounts.as_of_on and processes.process_id = headcounts.process_id
