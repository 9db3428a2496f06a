with

changes as (
    select * from {{ ref('int_controls__change_records') }}
),

-- Where no change ever had a close code, the source does not record them; then its absence says nothing.
close_codes as (
    select min(known_on) as known_from
    from {{ ref('int_controls__change_steps') }}
    where step = 'closed' and close_code is not null
),

gaps as (
    select
        changes.*,
        coalesce(close_codes.known_from <= changes.tested_on, false) as has_close_codes,
        concat_ws(
            ', ',
            if(not has_risk_assessment, 'risk assessment', null),
            if(not has_test_plan, 'test plan', null),
            if(not has_backout_plan, 'way back', null),
            if(close_code is null and close_codes.known_from <= changes.tested_on, 'close code', null)
        ) as missing,
        has_risk_assessment is null or has_test_plan is null or has_backout_plan is null as is_part_unknown
    from changes
    cross join close_codes
),

judged as (
    select
        null as agent_id,
        process_id,
        ticket_id || '|record|' || {{ local_date('finished_at') }} as item_key,
        tested_on,
        finished_at as occurred_at,
        cast(tested_from as timestamp) as known_at,
        1 as exposure,
        case
            when missing != '' and change_type is null then null
            when missing != '' then true
            when is_part_unknown or not is_start_known then null
            else false
        end as is_exception,
        case
            when missing != '' then 'without ' || missing || if(change_type is null, ', type of change unknown', '')
            when is_part_unknown then 'risk assessment, test plan or way back not recorded'
            when not is_start_known then 'start unknown: nothing shows that the record was complete before'
            when not has_close_codes then 'tested without the close code: no change has one'
        end as reason,
        source_row as evidence
    from gaps
),

final as (
    {{ control_items('CHG-03', 'judged') }}
)

select * from final
