{#- History of a version feed (V): one row per key and span of days on which one version was the latest known
    (`order_by` descending). A version of a file that was replaced by a correction counts until that day.

    An incremental run writes the keys that have new or newly replaced rows, from all their rows. -#}
{% macro version_history(feed, key, columns, order_by=['updated_at']) -%}
{%- set key = ['source'] + key -%}
{%- set keys = key | join(', ') -%}
{%- set first = first_new_day() -%}
with

-- Read twice, each time a small part of it: kept whole in between, it would cost more than both.
feed as not materialized (
    select * from {{ ref(feed) }}
),

touched_keys as (
    select distinct {{ keys }}
    from feed
    {%- if is_incremental() %}
    where known_on >= {{ first }} or visible_to >= {{ first }}
    {%- endif %}
),

updates as {% if not is_incremental() %}not materialized {% endif %}(
    select feed.* from feed
    {%- if is_incremental() %}
    semi join touched_keys using ({{ keys }})
    {%- endif %}
),

change_days as (
    select {{ keys }}, known_on as changed_on from updates
    union
    select {{ keys }}, visible_to as changed_on from updates where visible_to is not null
),

latest_updates as (
    select
        {%- for column in key %}
        change_days.{{ column }},
        {%- endfor %}
        change_days.changed_on,
        updates.delivery_id,
        updates.source_row,
    from change_days
    left join updates
        on {% for column in key %}change_days.{{ column }} = updates.{{ column }} and {% endfor %}
        {{ is_visible('updates', 'change_days.changed_on') }}
    qualify row_number() over (
        partition by {% for column in key %}change_days.{{ column }}, {% endfor %}change_days.changed_on
        order by {% for column in order_by %}updates.{{ column }} desc nulls last, {% endfor -%}
            updates.delivery_id desc, updates.source_row desc
    ) = 1
),

changes as (
    select
        *,
        lag(source_row) over (partition by {{ keys }} order by changed_on) as previous_source_row,
        lag(delivery_id) over (partition by {{ keys }} order by changed_on) as previous_delivery_id,
    from latest_updates
    qualify source_row is distinct from previous_source_row or delivery_id is distinct from previous_delivery_id
),

spans as (
    select
        *,
        lead(changed_on) over (partition by {{ keys }} order by changed_on) as valid_to,
    from changes
),

versions as (
    select
        {%- for column in key + columns %}
        updates.{{ column }},
        {%- endfor %}
        updates.source_row,
        spans.changed_on as valid_from,
        spans.valid_to,
    from spans
    inner join updates
        on {% for column in key %}spans.{{ column }} = updates.{{ column }} and {% endfor %}
        spans.delivery_id = updates.delivery_id
        and spans.source_row = updates.source_row
),

final as (
    {%- if is_incremental() %}
    -- A touched key without any version left (valid_from null) tells the strategy to take out what is stored for it.
    select * from touched_keys left join versions using ({{ keys }})
    {%- else %}
    select * from versions
    {%- endif %}
)

select * from final
{%- endmacro %}

{#- Incremental strategy `version_history`: the touched keys are written again. -#}
{% macro get_incremental_version_history_sql(arguments) -%}
    {%- set columns = get_quoted_csv(arguments['dest_columns'] | map(attribute='name')) -%}
    delete from {{ arguments['target_relation'] }} as history using {{ arguments['temp_relation'] }} as written
    where {% for column in arguments['unique_key'] %}history.{{ column }} = written.{{ column }}
        {%- if not loop.last %} and {% endif %}{% endfor %};
    insert into {{ arguments['target_relation'] }} ({{ columns }})
    select {{ columns }} from {{ arguments['temp_relation'] }} where valid_from is not null
{%- endmacro %}
