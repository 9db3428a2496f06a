{#- What staging and feed views share: which raw rows count, their stamps, the union of sources, and visibility. -#}

{#- Condition on raw rows: passed the gate and not delivered before. -#}
{% macro is_accepted() -%}
    not _is_quarantined and not coalesce(_is_repeat, false)
{%- endmacro %}

{#- The stamps of a staged row; source_row is the key that evidence quotes. -#}
{% macro stamps(source_name) -%}
    '{{ source_name }}' as source,
    _delivery_id as delivery_id,
    _known_at as known_at,
    _known_on as known_on,
    _file || '#' || _row_number as source_row
{%- endmacro %}

{#- A whole int_feed__ model: the union of its staging models, with the day a corrected file made each row invisible.
    kind snapshot: a daily list is the list of its folder's day, and staging keeps its quarantined rows for snapshot_history.
    kind event: rows whose file was replaced on the very day
    it became known never counted, so they are left out. -#}
{% macro union_feed(models, kind) -%}
with

rows as (
    {%- for model in models %}
    select * from {{ ref(model) }}
    {%- if not loop.last %}
    union all by name
    {%- endif %}
    {%- endfor %}
),

deliveries as (
    select * from {{ source('ops', 'deliveries') }}
),

final as (
    select
        {%- if kind == 'snapshot' %}
        rows.* exclude (is_quarantined) replace (coalesce(rows.snapshot_on, deliveries.delivered_on) as snapshot_on),
        {%- else %}
        rows.*,
        {%- endif %}
        deliveries.superseded_on as visible_to,
    from rows
    left join deliveries on rows.delivery_id = deliveries.delivery_id
    {%- if kind == 'snapshot' %}
    where not rows.is_quarantined
    {%- elif kind == 'event' %}
    where deliveries.superseded_on is null or deliveries.superseded_on > rows.known_on
    {%- endif %}
)

select * from final
{%- endmacro %}

{#- Condition: the row of `relation` is visible at the end of `day`. -#}
{% macro is_visible(relation, day) -%}
    {{ relation }}.known_on <= {{ day }} and ({{ relation }}.visible_to is null or {{ relation }}.visible_to > {{ day }})
{%- endmacro %}

{#- Condition: the version of `relation` is valid at the end of `day`. -#}
{% macro is_valid(relation, day) -%}
    {{ relation }}.valid_from <= {{ day }} and ({{ relation }}.valid_to is null or {{ relation }}.valid_to > {{ day }})
{%- endmacro %}
