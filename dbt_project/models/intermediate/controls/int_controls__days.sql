with

library as (
    select
        *,
        control_id in ('{{ failed_controls() | join("', '") }}') as has_error,
        length(needs_feeds) - length(replace(needs_feeds, ';', '')) + 1 as needed_feeds
    from {{ ref('control_library') }}
),

feed_days as (
    select * from {{ ref('int_feeds__status') }} where {{ is_run_day('on_date') }}
),

-- Both lists of a control, each feed once, with its part in the control.
uses as (
    select
        library.control_id,
        feed_days.on_date,
        feed_days.status,
        feed_days.reason,
        ';' || library.needs_feeds || ';' like '%;' || feed_days.feed || ';%' as is_needed,
        ';' || coalesce(library.optional_feeds, '') || ';' like '%;' || feed_days.feed || ';%' as is_optional
    from library
    cross join feed_days
),

judged as (
    select
        control_id,
        on_date,
        count(*) filter (is_needed and status = 'fresh') as fresh_feeds,
        string_agg(reason, '; ' order by reason) filter (is_needed and status != 'fresh') as missing,
        string_agg(reason, '; ' order by reason) filter (is_optional and status != 'fresh') as left_out
    from uses
    group by control_id, on_date
),

final as (
    select
        library.control_id,
        days.on_date,
        library.entity_kinds,
        -- A feed name that no status row carries counts as missing, so a spelling mistake can never make a control evaluable.
        library.is_implemented and not library.has_error
        and coalesce(judged.fresh_feeds, 0) = library.needed_feeds as is_evaluable,
        library.has_error,
        case
            when library.has_error then 'its model could not be built; run the day again once it is mended'
            when not library.is_implemented then 'not implemented'
            when judged.missing is not null then judged.missing
            when coalesce(judged.fresh_feeds, 0) < library.needed_feeds
                then 'no feed of the register is named ' || library.needs_feeds
            when judged.left_out is not null then 'tested in part: ' || judged.left_out
        end as status_reason
    from library
    cross join ({{ day_spine() }}) as days
    left join judged on library.control_id = judged.control_id and days.on_date = judged.on_date
)

select * from final
