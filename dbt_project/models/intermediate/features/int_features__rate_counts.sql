{%- set measures = {
    'breached': ('tickets_finished_28d', 'tickets_breached_28d'),
    'reopened': ('tickets_finished_28d', 'tickets_reopened_28d'),
    'without_evidence': ('tickets_finished_28d', 'tickets_without_evidence_28d'),
    'without_mfa': ('logins_mfa_known_28d', 'logins_without_mfa_28d'),
} -%}

with

agents as (
    select
        agents.as_of_on,
        'agent' as entity_kind,
        coalesce(agents.process_id, '') as parent_id,
        agents.agent_id as entity_id,
        work.* exclude (as_of_on, agent_id),
        logins.* exclude (as_of_on, agent_id)
    from {{ ref('int_features__agents') }} as agents
    left join {{ ref('int_features__agent_work') }} as work
        on agents.as_of_on = work.as_of_on and agents.agent_id = work.agent_id
    left join {{ ref('int_features__agent_logins') }} as logins
        on agents.as_of_on = logins.as_of_on and agents.agent_id = logins.agent_id
),

processes as (
    select
        people.as_of_on,
        'process' as entity_kind,
        'all' as parent_id,
        people.process_id as entity_id,
        work.* exclude (as_of_on, process_id),
        sums.* exclude (as_of_on, process_id)
    from {{ ref('int_features__process_people') }} as people
    left join {{ ref('int_features__process_work') }} as work
        on people.as_of_on = work.as_of_on and people.process_id = work.process_id
    left join {{ ref('int_features__process_sums') }} as sums
        on people.as_of_on = sums.as_of_on and people.process_id = sums.process_id
)

{% for relation in ['agents', 'processes'] %}
    {%- set last_relation = loop.last %}
    {%- for measure, (trials, successes) in measures.items() %}
        select
            as_of_on,
            entity_kind,
            parent_id,
            entity_id,
            '{{ measure }}' as measure,
            coalesce({{ trials }}, 0) as trials,
            least(coalesce({{ successes }}, 0), coalesce({{ trials }}, 0)) as successes
        from {{ relation }}
        {{- '' if last_relation and loop.last else '\nunion all' }}
    {%- endfor %}
{%- endfor %}
