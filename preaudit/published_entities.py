"""Where the columns of the published rankings and scores come from that their marts do not hold: place, client, countdown.

Belongs here: the relations, and from which size on a group of agents is named. Does not: which columns are published
(published_tables.py).
"""

# An agent's process, client and site are published only where at least this many agents share all three: among fewer a
# pseudonym could be guessed. Five is the usual smallest cell of published HR and health statistics (2026-11).
SMALLEST_GROUP = 5


def _one_line(sql: str) -> str:
    """For messages that quote the relation."""
    return " ".join(sql.split())


RANKED_ENTITIES = _one_line(f"""(
    select r.*, p.name as entity_name, coalesce(p.site, a.site) as site,
        coalesce(p.client_id, a.client_id) as client_id, p.criticality, a.process_id, t.name as process_name
    from marts.rank_entities r
    left join intermediate.int_entities__process_day p
        on r.entity_kind = 'process' and p.process_id = r.entity_id and p.on_date = r.as_of_on
    left join (
        select on_date, agent_id, process_id, client_id, site from intermediate.int_entities__agent_day where on_date = $as_of
        qualify count(*) over (partition by process_id, client_id, site) >= {SMALLEST_GROUP}) a
        on r.entity_kind = 'agent' and a.agent_id = r.entity_id and a.on_date = r.as_of_on
    left join intermediate.int_entities__process_day t on t.process_id = a.process_id and t.on_date = r.as_of_on)""")

# Days until the limit of a pair's control runs out; null where nothing runs out.
SCORES = _one_line("""(
    select s.*, f.days_until_limit
    from ml.scores s left join (
        select as_of_on, entity_kind, entity_id, control_id, days_until_limit from marts.ftr_pair where as_of_on = $as_of) f
        using (as_of_on, entity_kind, entity_id, control_id))""")
