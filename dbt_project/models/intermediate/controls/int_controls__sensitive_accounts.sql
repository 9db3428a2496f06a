with

card_systems as (
    select
        system_id,
        min(valid_from) as sensitive_from
    from {{ ref('int_access__system_history') }}
    where ',' || replace(regulated, ' ', '') || ',' like '%,pci,%'
    group by system_id
),

sensitive as (
    select
        account_id,
        valid_from as sensitive_from
    from {{ ref('int_access__entitlement_history') }}
    where is_privileged

    union all

    select
        accounts.account_id,
        greatest(accounts.valid_from, card_systems.sensitive_from) as sensitive_from
    from {{ ref('int_access__account_history') }} as accounts
    inner join card_systems on accounts.system_id = card_systems.system_id
),

final as (
    select
        account_id,
        min(sensitive_from) as sensitive_from
    from sensitive
    group by account_id
)

select * from final
