{#- Test: no two rows of the run's days share the grain. `day` names the date column that bounds the scan. -#}
{% test has_grain(model, columns, day) -%}
    select {{ columns | join(', ') }}
    from {{ model }}
    where {{ day }} between {{ first_day() }} and {{ last_day() }}
    group by {{ columns | join(', ') }}
    having count(*) > 1
{%- endtest %}
