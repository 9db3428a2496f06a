with

history as (
    select * from {{ ref('int_access__entitlement_history') }}
),

-- The first that was ever known of each grant.
grants as (
    select new.*
    from history as new
    anti join history as old
        on
            new.source = old.source
            and new.account_id = old.account_id
            and new.entitlement = old.entitlement
            and new.granted_at = old.granted_at
            and new.valid_from > old.valid_from
    where {{ is_tested_now('new.valid_from') }}
),

begins as (
    select
        (select min(valid_from) from history) as lists_begin_on,
        greatest(
            (select min(valid_from) from {{ ref('int_tickets__ticket_history') }}),
            (select min(known_on) from {{ ref('int_feed__approvals') }})
        ) as requests_begin_on
),

accounts as (
    select
        *,
        lead(valid_from) over (partition by source, account_id order by valid_from) as replaced_on
    from {{ ref('int_access__account_history') }}
    where {{ is_human_account() }}
),

workers as (
    select
        *,
        lead(valid_from) over (partition by source, worker_id order by valid_from) as replaced_on
    from {{ ref('int_hr__worker_history') }}
),

-- What the first list shows was there before the requests were recorded is stock, not a grant.
final as (
    select
        accounts.worker_id as agent_id,
        grants.account_id,
        grants.entitlement,
        grants.is_privileged,
        grants.granted_at,
        {{ local_date('grants.granted_at') }} as granted_on,
        grants.request_ticket_id,
        grants.source_row as evidence,
        grants.valid_from as known_on,
        {{ tested_on('grants.valid_from') }} as tested_on,
        begins.requests_begin_on,
        workers.hire_date,
        profiles.entitlement is not null as is_in_profile
    from grants
    cross join begins
    inner join accounts
        on
            grants.account_id = accounts.account_id
            and grants.valid_from >= accounts.valid_from
            and (accounts.replaced_on is null or grants.valid_from < accounts.replaced_on)
    left join workers
        on
            accounts.worker_id = workers.worker_id
            and grants.valid_from >= workers.valid_from
            and (workers.replaced_on is null or grants.valid_from < workers.replaced_on)
    left join {{ ref('role_profiles') }} as profiles
        on workers.job_role = profiles.job_role and grants.entitlement = profiles.entitlement
    where grants.valid_from > begins.lists_begin_on or {{ local_date('grants.granted_at') }} >= begins.requests_begin_on
)

select * from final
