with

dates as (
    select unnest({{ feature_dates() }})::date as as_of_on
),

ages as (
    select
        on_date as as_of_on,
        {%- for feed in [
            'workers', 'processes', 'trainings', 'shifts', 'tickets', 'accounts', 'entitlements', 'auth_events', 'data_access_events',
        ] %}
        max(case when feed = '{{ feed }}' then on_date - last_known_on end) as {{ feed }}_age_days{{ ',' if not loop.last }}
    {%- endfor %}
    from {{ ref('int_feeds__status') }}
    where on_date in (select as_of_on from dates)
    group by on_date
),

-- Not every source says whether a ticket carries its evidence: the last day on which one did.
evidence as (
    select
        dates.as_of_on,
        dates.as_of_on - max(tickets.valid_from) as evidence_age_days
    from dates
    inner join {{ ref('int_tickets__ticket_history') }} as tickets on {{ in_window('tickets.valid_from', 28) }}
    where tickets.has_evidence is not null
    group by dates.as_of_on
)

select
    dates.as_of_on,
    ages.* exclude (as_of_on),
    evidence.evidence_age_days
from dates
left join ages on dates.as_of_on = ages.as_of_on
left join evidence on dates.as_of_on = evidence.as_of_on
