{#- Countdowns: days until the first day on which a control would see the exception if nobody acts. A rule that asks whether the end
    of the day is later than the limit sees it on the limit's own day; one that also counts the limit itself may see it a day before. -#}

{#- DATE: the first day that ends at `moment` or later. -#}
{% macro day_reaching(moment) -%}
    {{ local_date(moment ~ ' - interval 1 microsecond') }}
{%- endmacro %}
