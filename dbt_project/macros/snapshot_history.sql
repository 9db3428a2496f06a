{#- History of a snapshot feed (S): one row per key and span of unchanged attributes, valid from the day the list that
    showed it became known to the day a list that no longer does became known.

    A list that became known late, after a newer one, changes nothing. A day without a list is not an empty list. A key whose
    row was quarantined (it is in `staged` only) is not missing: its last good version stays. An incremental run starts from
    the rows that were open just before its first day. -#}
{% macro snapshot_history(feed, staged, key, columns) -%}
{%- set key = ['source'] + key -%}
{%- set keys = key | join(', ') -%}
{%- set first = first_new_day() -%}
with

-- Read twice, each time a small part of it: kept whole in between, it would cost more than both.
feed as not materialized (
    select * from {{ ref(feed) }}
),

staged as (
    select * from {{ ref(staged) }}
),

known_lists as (
    select
        source,
        known_on,
        snapshot_on,
        delivery_id,
    from feed
    where visible_to is null or visible_to > known_on
    group by source, known_on, snapshot_on, delivery_id
    qualify row_number() over (partition by source, known_on order by snapshot_on desc, delivery_id desc) = 1
),

newest_lists as (
    select
        *,
        max(snapshot_on) over (
            partition by source order by known_on rows between unbounded preceding and 1 preceding
        ) as newest_before,
    from known_lists
    qualify newest_before is null or snapshot_on >= newest_before
),

lists as (
    select
        *,
        row_number() over (partition by source order by known_on) as list_number,
        lead(known_on) over (partition by source order by known_on) as next_known_on,
    from newest_lists
),

observations as (
    select
        {%- for column in key + columns %}
        feed.{{ column }},
        {%- endfor %}
        feed.source_row,
        lists.list_number,
        lists.known_on as valid_from,
        false as is_held,
    from feed
    inner join lists
        on feed.source = lists.source
        and feed.delivery_id = lists.delivery_id
        and feed.snapshot_on = lists.snapshot_on
        and feed.known_on = lists.known_on
    {%- if is_incremental() %}
    where feed.known_on >= {{ first }}

    union all

    select
        {%- for column in key + columns %}
        history.{{ column }},
        {%- endfor %}
        history.source_row,
        lists.list_number,
        history.valid_from,
        false as is_held,
    from {{ this }} as history
    inner join lists
        on history.source = lists.source
        and lists.known_on < {{ first }}
        and (lists.next_known_on is null or lists.next_known_on >= {{ first }})
    where history.valid_from < {{ first }} and (history.valid_to is null or history.valid_to >= {{ first }})
    {%- endif %}
),

held_keys as (
    select distinct
        {%- for column in key %}
        staged.{{ column }},
        {%- endfor %}
        lists.list_number,
        lists.known_on as valid_from,
        true as is_held,
    from staged
    inner join lists
        on staged.source = lists.source and staged.delivery_id = lists.delivery_id and staged.known_on = lists.known_on
    anti join feed
        on {% for column in key %}staged.{{ column }} = feed.{{ column }} and {% endfor %}
        staged.delivery_id = feed.delivery_id
        and staged.known_on = feed.known_on
    where staged.is_quarantined{% for column in key %} and staged.{{ column }} is not null{% endfor %}
    {%- if is_incremental() %} and staged.known_on >= {{ first }}{% endif %}
),

sightings as (
    select
        *,
        coalesce(lag(list_number) over (partition by {{ keys }} order by list_number) = list_number - 1, false) as is_next,
    from (
        select * from observations
        union all by name
        select * from held_keys
    ) as seen
),

fingerprints as (
    select
        *,
        case when not (is_held and is_next) then {{ attributes_hash(columns) }} end as fingerprint,
    from sightings
),

compared as (
    select
        *,
        is_next and coalesce(
            fingerprint = last_value(fingerprint ignore nulls) over (
                partition by {{ keys }} order by list_number rows between unbounded preceding and 1 preceding
            ),
            true
        ) as is_unchanged,
    from fingerprints
),

spans as (
    select
        *,
        count(*) filter (not is_unchanged) over (partition by {{ keys }} order by list_number) as span_number,
    from compared
),

ends as (
    select
        *,
        max(list_number) over (partition by {{ keys }}, span_number) as last_list_number,
    from spans
    qualify not is_unchanged
),

final as (
    select
        {%- for column in key + columns %}
        ends.{{ column }},
        {%- endfor %}
        ends.source_row,
        ends.valid_from,
        lists.next_known_on as valid_to,
    from ends
    inner join lists on ends.source = lists.source and ends.last_list_number = lists.list_number
    where not ends.is_held
)

select * from final
{%- endmacro %}

{#- 64-bit hash of a row's attributes, to compare two rows in one step; null counts as a value. -#}
{% macro attributes_hash(columns) -%}
    hash({{ columns | join(', ') }})
{%- endmacro %}

{#- Incremental strategy `snapshot_history`: everything that was open on or after the first new day is written again. -#}
{% macro get_incremental_snapshot_history_sql(arguments) -%}
    {%- set columns = get_quoted_csv(arguments['dest_columns'] | map(attribute='name')) -%}
    delete from {{ arguments['target_relation'] }} where valid_to is null or valid_to >= {{ first_new_day() }};
    insert into {{ arguments['target_relation'] }} ({{ columns }})
    select {{ columns }} from {{ arguments['temp_relation'] }}
{%- endmacro %}
