{#- No key of a history has two versions on one day, or a version that ends before it begins. Checked on what was valid in the
    run's days. -#}
{% test one_version_a_day(model, key) -%}
    with spans as (
        select
            {{ key | join(', ') }},
            valid_from,
            valid_to,
            lead(valid_from) over (partition by {{ key | join(', ') }} order by valid_from) as next_valid_from
        from {{ model }}
        where valid_to is null or valid_to >= {{ first_day() }}
    )

    select *
    from spans
    where valid_to <= valid_from or (next_valid_from is not null and (valid_to is null or valid_to > next_valid_from))
{%- endtest %}
