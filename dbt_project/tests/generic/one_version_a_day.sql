{#- No key of a history has two versions on one day, or a version that ends before it begins. Checked on what was valid in the
    run's days. -#}
{% test one_version_a_day(model, key) -%}
    {%- set keys = key | join(', ') %}
    with versions as (
        select {{ keys }}, valid_from, valid_to
        from {{ model }}
        where valid_to is null or valid_to >= {{ first_day() }}
    ),

    -- Most keys have one version, and counting costs a third of sorting (2026-11).
    several as (
        select {{ keys }} from versions group by {{ keys }} having count(*) > 1
    ),

    spans as (
        select
            *,
            lead(valid_from) over (partition by {{ keys }} order by valid_from) as next_valid_from
        from versions
        semi join several using ({{ keys }})
    )

    select {{ keys }} from versions where valid_to <= valid_from
    union all
    select {{ keys }} from spans where next_valid_from is not null and (valid_to is null or valid_to > next_valid_from)
{%- endtest %}
