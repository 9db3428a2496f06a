"""What a run leaves of monitoring in the small warehouse: lists of the past, measures of the day, one decision.

Belongs here: the tables and rows. Does not: the rest of the small warehouse (published_fixture.py).
"""

from datetime import date, timedelta

import duckdb

_TABLES = """
create table marts.mart_model_monitoring (
    as_of_on date, entity_kind varchar, measure varchar, name varchar, value double, limit_value double, is_ok boolean,
    detail varchar);
create table marts.mart_list_outcomes (
    as_of_on date, entity_kind varchar, origin varchar, horizon_days integer, ranked_by varchar, list_size integer,
    expected double, matured boolean, failed integer, rule_failed integer, intervened integer, intervened_failed integer);
create table marts.fct_decisions (
    decision_id varchar, entity_kind varchar, entity_id varchar, control_id varchar, kind varchar, decided_at timestamp,
    decided_on date, as_of_on date, due_on date, expires_on date, action_kind varchar, reason_code varchar, known_on date);
"""


def fill_monitoring(connection: duckdb.DuckDBPyConnection, day: date) -> None:
    """One matured and one open list of agents, one back-tested list of processes, an input outside its limit."""
    connection.execute(_TABLES)
    past = day - timedelta(days=30)
    lists = [
        (past, "agent", "served", "model", 40, 25.5, True, 27, 18, 3, 1),
        (day, "agent", "served", "model", 40, 24.0, False, None, None, 0, None),
        (past, "process", "backtest", "model", 2, 1.5, True, 2, 1, 0, 0),
        (day, "process", "served", "rule", 2, None, False, None, None, 0, None),
    ]
    for as_of_on, kind, origin, *rest in lists:
        connection.execute(
            "insert into marts.mart_list_outcomes values (?, ?, ?, 30, ?, ?, ?, ?, ?, ?, ?, ?)", [as_of_on, kind, origin, *rest]
        )
    measures = [
        ("agent", "input_psi", "logins_28d", 0.4, 0.25, False, "3 entities"),
        ("agent", "input_psi", "tenure_days", 0.1, 0.25, True, "3 entities"),
        ("agent", "drifted_inputs_ratio", "", 0.5, 0.1, False, "1 of 2 inputs"),
        ("agent", "champion_age_days", "", 12.0, 90.0, True, "version 3 has seen outcomes up to 2026-01-19"),
        ("process", "champion_age_days", "", None, 90.0, True, "no champion: the rule serves"),
    ]
    for row in measures:
        connection.execute("insert into marts.mart_model_monitoring values (?, ?, ?, ?, ?, ?, ?, ?)", [day, *row])
    connection.execute(
        "insert into marts.fct_decisions values ('d1', 'agent', 'W0001', 'HR-02', 'acted', ?, ?, ?, null, null, 'retrain',"
        " 'told W0001', ?)",
        [past, past, past, past],
    )
