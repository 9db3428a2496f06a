with

first_grants as (
    select
        *,
        {{ tested_on('known_on') }} as tested_on
    from {{ ref('int_controls__worker_grants') }}
    where agent_id in (select worker_id from {{ ref('int_hr__worker_history') }})
    qualify row_number() over (partition by agent_id order by known_on, granted_at, source_row) = 1
),

-- Whoever had access before the lists begin may have been screened again since: the record shows the last check only.
accesses as (
    select * from first_grants where not is_before_lists and {{ is_tested_now('known_on') }}
),

checks as (
    select
        accesses.agent_id,
        screenings.source_row,
        screenings.kind,
        case
            when screenings.expires_at <= accesses.granted_at then 'expired before the access'
            when screenings.status in ('pending', 'adverse') then screenings.status
            when screenings.status = 'expired' and screenings.expires_at is null then screenings.status
            when screenings.completed_at > accesses.granted_at then 'completed after the access'
        end as fault,
        screenings.status in ('clear', 'expired') and screenings.completed_at is null as is_undated
    from accesses
    inner join {{ ref('int_hr__screening_history') }} as screenings
        on
            accesses.agent_id = screenings.worker_id
            and {{ is_valid('screenings', 'accesses.tested_on') }}
),

people as (
    select
        agent_id,
        min(kind || ' check ' || fault) as fault,
        min(kind || ' check without a date') filter (is_undated) as doubt,
        coalesce(min(source_row) filter (fault is not null), min(source_row)) as evidence
    from checks
    group by agent_id
),

judged as (
    select
        accesses.agent_id,
        null as process_id,
        accesses.agent_id || '|first access|' || {{ local_date('accesses.granted_at') }} as item_key,
        accesses.tested_on,
        accesses.granted_at as occurred_at,
        cast(accesses.known_on as timestamp) as known_at,
        1 as exposure,
        case
            when people.agent_id is null or people.fault is not null then true
            when people.doubt is null then false
        end as is_exception,
        if(people.agent_id is null, 'no screening on record at the first access', coalesce(people.fault, people.doubt)) as reason,
        coalesce(people.evidence, accesses.source_row) as evidence
    from accesses
    left join people on accesses.agent_id = people.agent_id
),

final as (
    {{ control_items('HR-01', 'judged') }}
)

select * from final
