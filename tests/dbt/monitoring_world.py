"""Five agents whose lists of 1, 2 and 8 March 2026 can be checked by hand, and 400 whose inputs are compared with the training's.

Belongs here: what stands before monitoring is built. Does not: expectations.
"""

import duckdb

from tests.dbt.scratch_warehouse import ScratchWarehouse

SELECTED = (
    "stg_console__decisions int_feed__decisions fct_decisions fqn:preaudit.intermediate.monitoring fqn:preaudit.marts.monitoring"
)
# Two of five agents are listed; a week is forecast; training rows are of Sundays, as 1 and 8 March are.
VALUES = {"horizon_days": 7, "capacity_agents_ratio": 0.4, "champion_max_age_days": 5, "training_weekday": 7}
TABLES = """
create schema if not exists intermediate; create schema if not exists marts;
create table intermediate.int_ranking__scores (entity_kind varchar, entity_id varchar, control_id varchar);
create table marts.rank_entities (
    as_of_on date, entity_kind varchar, entity_id varchar, rank integer, probability_any double, ranked_by varchar,
    exceptions_28d double, exceptions_90d double);
create table marts.fct_failures (control_id varchar, entity_kind varchar, entity_id varchar, failed_on date, is_waived boolean);
create table marts.mart_control_status (entity_kind varchar, on_date date, status varchar);
create table marts.ftr_process (as_of_on date, process_id varchar, headcount double);
create table marts.ftr_agent as
    select day as as_of_on, 'w' || n as agent_id, 0.5 + n % 10 as tenure_days,
        case day when date '2026-03-01' then 9.5 when date '2026-03-02' then 0.5 else 0.5 + n % 10 end as logins_28d
    from range(400) as numbers (n)
    cross join (values (date '2026-02-22'), (date '2026-03-01'), (date '2026-03-02')) as days (day);
insert into ml.trained_models values ('agent', '3', 7, '2026-02-22', '2026-03-01', 1000, '2026-03-01');
insert into ml.feature_reference
    select 'agent', '3', feature, [1, 2, 3, 4, 5, 6, 7, 8, 9], bin, 100
    from range(10) as bins (bin) cross join (values ('tenure_days'), ('logins_28d')) as features (feature);
insert into ml.backtested_lists values ('agent', '2026-02-15', 7, 2, 2, 1, 1.7), ('agent', '2026-02-28', 7, 2, 2, 1, 1.7);
insert into marts.mart_control_status values
    ('agent', '2026-03-01', 'pass'), ('agent', '2026-03-01', 'not_evaluable'), ('agent', '2026-03-01', 'fail');
"""
# Agent, chance of any failure, failures in 28 days: the model lists ann and bob, the rule cem and ann.
AGENTS = (("ann", 0.9, 3), ("bob", 0.6, 0), ("cem", 0.5, 5), ("dan", 0.2, 0), ("eve", 0.1, 0))
FAILURES = (
    ("HR-02", "ann", "2026-03-05", False),
    # Waived; not scored for anybody; a day too late.
    ("HR-02", "bob", "2026-03-05", True),
    ("SEC-02", "cem", "2026-03-05", False),
    ("HR-02", "cem", "2026-03-09", False),
)
# Agent, control, kind, day, due on, expires on.
DECISIONS = (
    ("bob", None, "acted", "2026-03-03", None, None),
    # On the day of the failure; for a control that is not forecast; over before the list; no intervention at all.
    ("ann", None, "acted", "2026-03-05", None, None),
    ("ann", "SEC-02", "waived", "2026-03-02", None, "2026-03-31"),
    ("ann", "HR-02", "planned", "2026-02-20", "2026-02-27", None),
    ("ann", "HR-02", "acknowledged", "2026-03-02", None, None),
)


def make_world(warehouse: ScratchWarehouse) -> None:
    """The tables, the decisions, and the rankings of three days."""
    with duckdb.connect(str(warehouse.path)) as connection:
        connection.execute(TABLES)
        for control, agent, day, is_waived in FAILURES:
            connection.execute("insert into marts.fct_failures values (?, 'agent', ?, ?, ?)", [control, agent, day, is_waived])
        for agent, _, _ in AGENTS:
            connection.execute("insert into intermediate.int_ranking__scores values ('agent', ?, 'HR-02')", [agent])
    for day in ("2026-03-01", "2026-03-02", "2026-03-08"):
        rank(warehouse, day, list(AGENTS))
    rows = [
        {
            **{"decision_id": f"d{number}", "entity_kind": "agent", "entity_id": agent, "control_id": control, "kind": kind},
            **{"decided_at": f"{day}T09:00:00Z", "due_on": due, "expires_on": expires, "known_on": day, "_occurred_on": day},
        }
        for number, (agent, control, kind, day, due, expires) in enumerate(DECISIONS)
    ]
    warehouse.deliver("decisions", None, rows, source="console")


def rank(warehouse: ScratchWarehouse, day: str, agents: list[tuple[str, float, int]]) -> None:
    """Version 3 scores a day, in the given order."""
    with duckdb.connect(str(warehouse.path)) as connection:
        for table in ("marts.rank_entities", "ml.scores"):
            connection.execute(f"delete from {table} where as_of_on = ?", [day])
        for place, (agent, p, failures) in enumerate(agents, start=1):
            connection.execute(
                "insert into marts.rank_entities values (?, 'agent', ?, ?, ?, 'model', ?, ?)",
                [day, agent, place, p, failures, failures],
            )
            connection.execute(
                "insert into ml.scores by name select ?::date as as_of_on, 'agent' as entity_kind, ? as entity_id,"
                " 'HR-02' as control_id, 7 as horizon_days, ? as probability, 'model' as served_by, '3' as model_version",
                [day, agent, p],
            )
