with

control as (
    {{ control_row('ACC-02') }}
),

uses as (
    select
        uses.*,
        control.limit_days,
        uses.on_date - uses.last_used_on > control.limit_days as is_unused,
        -- An older account that was never seen in the log may have been used before the log begins.
        uses.last_logon_on is null and uses.log_begins_on > uses.on_date - control.limit_days as is_log_too_short
    from {{ ref('int_controls__account_uses') }} as uses
    cross join control
),

judged as (
    select
        agent_id,
        process_id,
        account_id || '|' || coalesce(cast(last_used_on as varchar), 'unknown') as item_key,
        on_date as tested_on,
        cast(last_used_on + limit_days as timestamp) as occurred_at,
        cast(on_date as timestamp) as known_at,
        1 as exposure,
        case
            when not is_unused then false
            when not is_log_too_short then is_unused
        end as is_exception,
        case
            when not is_unused then null
            when is_log_too_short then 'no log-on seen, and the log is shorter than ' || limit_days || ' days'
            when last_logon_on is null then 'never used since it was made on ' || last_used_on
            else 'last used on ' || last_logon_on
        end as reason,
        source_row as evidence
    from uses
),

final as (
    {{ control_items('ACC-02', 'judged') }}
)

select * from final
