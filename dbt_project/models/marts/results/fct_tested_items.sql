{{ config(materialized='view') }}

with

final as (
    {{ union_controls() }}
)

select * from final
