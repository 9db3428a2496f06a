with

final as (
    select
        accounts.account_id,
        min(greatest(accounts.valid_from, systems.valid_from)) as card_from
    from {{ ref('int_access__account_history') }} as accounts
    inner join {{ ref('int_access__system_history') }} as systems on accounts.system_id = systems.system_id
    where ',' || replace(systems.regulated, ' ', '') || ',' like '%,pci,%'
    group by accounts.account_id
)

select * from final
