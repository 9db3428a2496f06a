with

control as (
    {{ control_row('HR-02') }}
),

holders as (
    select * from {{ ref('int_controls__access_holders') }}
),

trainings as (
    select * from {{ ref('int_hr__training_history') }} where scope = 'awareness'
),

taken as (
    select
        holders.on_date,
        holders.agent_id,
        holders.process_id,
        holders.tenure_days,
        holders.has_sensitive_access,
        max({{ local_date('trainings.completed_at') }}) as completed_on,
        max_by(trainings.source_row, trainings.updated_at) as evidence,
        max(trainings.valid_from) as known_on
    from holders
    left join trainings
        on
            holders.agent_id = trainings.worker_id
            and {{ is_valid('trainings', 'holders.on_date') }}
    group by all
),

due as (
    select
        taken.*,
        case
            when taken.completed_on is not null then taken.completed_on + control.limit_days
            -- A joiner whose hire date is unknown cannot be judged before the first completion.
            else taken.on_date - taken.tenure_days + control.first_limit_days
        end as due_on
    from taken
    cross join control
),

judged as (
    select
        agent_id,
        process_id,
        has_sensitive_access,
        agent_id || '|awareness|' || coalesce(cast(due_on as varchar), 'unknown') as item_key,
        on_date as tested_on,
        cast(due_on as timestamp) as occurred_at,
        cast(coalesce(known_on, on_date) as timestamp) as known_at,
        1 as exposure,
        due_on < on_date as is_exception,
        case
            when due_on is null then 'hire date and completion unknown'
            when due_on < on_date and completed_on is null then 'never trained, due ' || due_on
            when due_on < on_date then 'last trained ' || completed_on || ', due again ' || due_on
        end as reason,
        evidence
    from due
),

final as (
    {{ control_items('HR-02', 'judged', zero_tolerance='items.has_sensitive_access') }}
)

select * from final
