{{ config(materialized='ephemeral') }}

with

-- By the numbers in its name, so that version 10 comes after 9 and 2026-01 after 2025-11.
final as (
    select
        *,
        list_transform(regexp_extract_all(version, '[0-9]+'), lambda number: cast(number as hugeint)) as version_numbers
    from {{ ref('int_feed__acknowledgements') }}
)

select * from final
