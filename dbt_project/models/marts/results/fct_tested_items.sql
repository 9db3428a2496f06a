{{ config(materialized='view') }}

with

final as (
    select * from {{ ref('ctl_acc_02') }}
    union all by name
    select * from {{ ref('ctl_data_02') }}
    union all by name
    select * from {{ ref('ctl_data_04') }}
    union all by name
    select * from {{ ref('ctl_hr_02') }}
    union all by name
    select * from {{ ref('ctl_inc_01') }}
    union all by name
    select * from {{ ref('ctl_jml_01') }}
    union all by name
    select * from {{ ref('ctl_ops_01') }}
    union all by name
    select * from {{ ref('ctl_ops_04') }}
    union all by name
    select * from {{ ref('ctl_sec_02') }}
)

select * from final
