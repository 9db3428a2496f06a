{#- Condition: a waiver covers the exception `item` on the day it was tested. The day a waiver expires is no longer covered. -#}
{% macro is_waived(item) -%}
    exists (
        select 1
        from {{ ref('waivers') }} as waivers
        where
            waivers.control_id = {{ item }}.control_id
            and waivers.entity_kind = {{ item }}.entity_kind
            and waivers.entity_id = {{ item }}.entity_id
            and coalesce(waivers.item_key, {{ item }}.item_key) = {{ item }}.item_key
            and waivers.from_date <= {{ item }}.tested_on
            and waivers.expires_on > {{ item }}.tested_on
    )
{%- endmacro %}
