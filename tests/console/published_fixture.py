"""A small warehouse as the run leaves it: the tables that are published, with their pinned columns, and known rows."""

import json
from datetime import date, timedelta
from pathlib import Path

import duckdb

from preaudit.settings import Settings
from preaudit.warehouse import writing
from tests.console.monitoring_rows import fill_monitoring

DAY = date(2026, 1, 31)
NEXT_DAY = date(2026, 2, 1)
WORKERS = ("W0001", "W0002", "W0003", "W00031")
PROCESSES = {"P01": "Claims intake", "P02": "Card disputes"}
IDENTITIES = (*WORKERS, "ACC-W0001-crm", "anna@example.com")

_REASONS = json.dumps(
    [
        {"family": "training", "feature": "trainings_overdue", "effect": 0.7, "sentence": "2 trainings overdue; usual is 0"},
        {"family": "workload", "feature": "overtime_28d", "effect": 0.4, "sentence": "31 h overtime in 28 days; usual is 6"},
        {"family": "team", "feature": "headcount", "effect": 0.2, "sentence": "third reason"},
        {"family": "team", "feature": "turnover", "effect": 0.1, "sentence": "fourth reason"},
    ]
)

_MARTS = """
create schema marts; create schema intermediate; create schema seeds;
create table raw.canonical__workers (worker_id varchar, email varchar);
create table raw.canonical__accounts (account_id varchar);
create table intermediate.int_entities__process_day (on_date date, process_id varchar, name varchar);
create table seeds.control_library (
    control_id varchar, name varchar, area varchar, entity_kinds varchar, item_kind varchar, severity varchar,
    severity_weight double,
    is_implemented boolean, needs_feeds varchar, frequency varchar, tolerance_ratio double, tolerance_text varchar,
    limit_days integer, limit_source varchar,
    soc2 varchar, iso27001 varchar, question varchar, remedy varchar);
create table marts.fct_control_days (
    control_id varchar, on_date date, is_evaluable boolean, status_reason varchar, tested_items bigint, entities_in_scope
    bigint);
create table marts.mart_control_status (
    control_id varchar, entity_kind varchar, entity_id varchar, on_date date, status varchar, reason varchar);
create table marts.fct_control_results (
    control_id varchar, entity_kind varchar, entity_id varchar, on_date date, population bigint, exposure double, exceptions
    bigint,
    waived_exceptions bigint, exception_ratio double, tolerance_ratio double, has_exception boolean, is_within_tolerance
    boolean,
    status varchar, reason varchar, note varchar);
create table marts.fct_failures (
    control_id varchar, entity_kind varchar, entity_id varchar, item_key varchar, failed_on date, occurred_at timestamp,
    reason varchar,
    evidence varchar, is_waived boolean, origin varchar);
create table marts.mart_control_changes (
    control_id varchar, entity_kind varchar, entity_id varchar, on_date date, previous_on date, change varchar, status varchar,
    reason varchar, exceptions bigint, new_exceptions bigint, previous_exceptions bigint);
create table marts.mart_control_coverage (
    control_id varchar, process_id varchar, feed varchar, on_date date, is_needed boolean, feed_status varchar,
    feed_last_known_on date, coverage varchar, reason varchar, judged_items bigint, unjudged_items bigint, last_looked_on date);
create table marts.mart_framework_coverage (
    framework varchar, reference_id varchar, on_date date, control_ids varchar, controls bigint, controls_evaluated bigint,
    controls_failing bigint, failing_entities bigint, is_covered boolean, gap_reason varchar);
create table marts.rank_entities (
    as_of_on date, entity_kind varchar, entity_id varchar, rank bigint, probability_any double, risk double, worst_control_id
    varchar,
    worst_control_probability double, probability_lower double, probability_upper double, has_enough_evidence boolean,
    reasons varchar, ranked_by varchar, exceptions_28d double, exceptions_90d double,
    open_exceptions bigint, controls_scored bigint);
"""

_PLACES = """
create table intermediate.int_entities__agent_day (
    on_date date, agent_id varchar, process_id varchar, client_id varchar, site varchar);
alter table intermediate.int_entities__process_day add column site varchar default 'Manila';
alter table intermediate.int_entities__process_day add column client_id varchar default 'C1';
alter table intermediate.int_entities__process_day add column criticality varchar default 'high';
create table marts.ftr_pair (
    as_of_on date, entity_kind varchar, entity_id varchar, control_id varchar, days_until_limit double);
"""


def settings_for(home: Path) -> Settings:
    """Settings of a test home."""
    return Settings(home=home / "var", landing=home / "landing", threads=1)


def make_warehouse(settings: Settings, day: date = DAY, *, agents_ranked_by: str = "model") -> None:
    """Fill an empty warehouse with one day of results of three agents and two processes."""
    with writing(settings) as connection:
        connection.execute(_MARTS)
        connection.execute(_PLACES)
        _controls(connection, day)
        _results(connection, day)
        _changes(connection, day)
        _coverage(connection, day)
        _ranking(connection, day, agents_ranked_by)
        _deliveries(connection, day)
        fill_monitoring(connection, day)


def _controls(connection: duckdb.DuckDBPyConnection, day: date) -> None:
    library = [
        ("HR-02", "Training done on time", True, "trainings"),
        ("OPS-04", "Work done within its service level", True, "tickets"),
        ("SEC-01", "Patches in time", False, "tickets"),
    ]
    for control, name, implemented, feeds in library:
        connection.execute(
            "insert into seeds.control_library values (?, ?, ?, 'both', 'state', 'high', 0.75, ?, ?, 'daily', 0, '0',"
            " 365, 'policy', 'CC1.4', 'A.6.3', 'Is it done?', 'Do it.')",
            [control, name, "SA" if control == "SEC-01" else "PM", implemented, feeds],
        )
        reason = None if implemented else "not implemented"
        connection.execute("insert into marts.fct_control_days values (?, ?, ?, ?, 4, 5)", [control, day, implemented, reason])


def _results(connection: duckdb.DuckDBPyConnection, day: date) -> None:
    entities = [("agent", worker) for worker in WORKERS[:3]] + [("process", process) for process in PROCESSES]
    for kind, entity in entities:
        status = "fail" if entity in ("W0001", "P01") else "pass"
        for control in ("HR-02", "OPS-04"):
            reason = f"{entity} is late (ACC-W0001-crm)" if status == "fail" else None
            connection.execute(
                "insert into marts.mart_control_status values (?, ?, ?, ?, ?, ?)", [control, kind, entity, day, status, reason]
            )
            connection.execute(
                "insert into marts.fct_control_results values (?, ?, ?, ?, 10, 10, ?, 0, 0.1, 0, ?, ?, ?, ?, null)",
                [control, kind, entity, day, int(status == "fail"), status == "fail", status == "pass", status, reason],
            )
        connection.execute(
            "insert into marts.mart_control_status values ('SEC-01', ?, ?, ?, 'not_evaluable', 'not implemented')",
            [kind, entity, day],
        )
    connection.execute(
        "insert into marts.fct_failures values ('HR-02', 'agent', 'W0001', 'W0001|COURSE-7|2026-01-20', ?, null,"
        " 'Course of W0001 due 2026-01-20, mail to anna@example.com', 'history/trainings.parquet#1', false, 'control')",
        [date(2026, 1, 21)],
    )


def _changes(connection: duckdb.DuckDBPyConnection, day: date) -> None:
    rows = [
        ("HR-02", "agent", "W0001", "newly_failing", "fail", "W0001 is late (ACC-W0001-crm)", 2, 2, 0),
        ("HR-02", "process", "P01", "still_failing", "fail", "P01 is late", 1, 0, 1),
        ("HR-02", "agent", "W0002", "fixed", "pass", None, 0, 0, 1),
        ("OPS-04", "agent", "W0001", "still_failing", "fail", None, 1, 0, 1),
        ("OPS-04", "process", "P01", "newly_failing", "fail", None, 1, 1, 0),
    ]
    for control, kind, entity, change, *rest in rows:
        connection.execute(
            "insert into marts.mart_control_changes values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [control, kind, entity, day, day - timedelta(days=1), change, *rest],
        )


def _coverage(connection: duckdb.DuckDBPyConnection, day: date) -> None:
    for control, process, feed, status, covered, reason in (
        ("HR-02", "P01", "trainings", "fresh", "tested", None),
        ("HR-02", "P02", "trainings", "fresh", "never_in_scope", None),
        ("OPS-04", "P01", "tickets", "refused", "tested", None),
        ("OPS-04", "P02", "tickets", "refused", "nothing_to_test", None),
        ("SEC-01", "P01", "tickets", "refused", "not_evaluable", "not implemented"),
        ("SEC-01", "P02", "tickets", "refused", "not_evaluable", "not implemented"),
    ):
        connection.execute(
            "insert into marts.mart_control_coverage values (?, ?, ?, ?, true, ?, ?, ?, ?, 0, 0, null)",
            [control, process, feed, day, status, day, covered, reason],
        )
    for framework, reference, controls, evaluated, failing, gap in (
        ("soc2", "CC1.4", "HR-02 OPS-04", 2, 2, None),
        ("soc2", "CC7.1", "SEC-01", 0, 0, "SEC-01: not implemented"),
        ("iso27001", "A.6.3", "HR-02 SEC-01", 1, 1, "SEC-01: not implemented"),
    ):
        connection.execute(
            "insert into marts.mart_framework_coverage values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [framework, reference, day, controls, len(controls.split()), evaluated, failing, failing, evaluated > 0, gap],
        )


def _ranking(connection: duckdb.DuckDBPyConnection, day: date, agents_ranked_by: str) -> None:
    rows = [
        *(("process", name, rank, p, "model") for rank, (name, p) in enumerate((("P01", 0.31), ("P02", 0.02)), start=1)),
        *(
            ("agent", name, rank, p, agents_ranked_by)
            for rank, (name, p) in enumerate((("W0001", 0.62), ("W0002", 0.1), ("W0003", 0.004)), start=1)
        ),
    ]
    for kind, name, rank, p, ranked_by in rows:
        by_model = ranked_by == "model"
        probability, reasons = (p, _REASONS) if by_model else (None, None)
        lower, upper = (p * 0.9, p * 1.1) if by_model else (None, None)
        connection.execute(
            "insert into marts.rank_entities values (?, ?, ?, ?, ?, ?, 'HR-02', ?, ?, ?, true, ?, ?, ?, ?, 1, 2)",
            [day, kind, name, rank, *(probability,) * 3, *(lower, upper), reasons, ranked_by, 4 - rank, 9 - rank],
        )
        version = "3" if by_model else None
        for control in ("HR-02", "OPS-04"):
            connection.execute(
                "insert into ml.scores values (?, ?, ?, ?, 30, ?, null, ?, 2, 3, ?, ?, ?, ?, true, null)",
                [day, kind, name, control, probability, ranked_by, version, reasons, lower, upper],
            )
    connection.executemany("insert into raw.canonical__workers values (?, ?)", [(worker, None) for worker in WORKERS])
    connection.execute("insert into raw.canonical__workers values ('W0001', 'anna@example.com')")
    connection.execute("insert into raw.canonical__accounts values ('ACC-W0001-crm')")
    connection.executemany(
        "insert into intermediate.int_entities__process_day (on_date, process_id, name) values (?, ?, ?)",
        [(day, *item) for item in PROCESSES.items()],
    )
    # Six agents of P01, so that the group is large enough to be named; W0003 alone works for P02.
    groups = {"P01": ("W0001", "W0002", "W0101", "W0102", "W0103", "W0104"), "P02": ("W0003",)}
    connection.executemany(
        "insert into intermediate.int_entities__agent_day values (?, ?, ?, 'C1', 'Manila')",
        [(day, worker, process) for process, workers in groups.items() for worker in workers],
    )
    connection.execute("insert into marts.ftr_pair values (?, 'process', 'P01', 'HR-02', 5)", [day])


def _deliveries(connection: duckdb.DuckDBPyConnection, day: date) -> None:
    for delivery, feed, status, counts in (
        (1, "workers", "accepted", (5, 4, 1, 0)),
        (2, "trainings", "accepted", (20, 19, 1, 0)),
        (3, "tickets", "refused", (7, 0, 0, 7)),
    ):
        refusal = ("T01", "column opened_at is missing") if status == "refused" else (None, None)
        connection.execute(
            "insert into ops.deliveries values (?, 'canonical', ?, ?, ?, ?, ?, 100, ?, ?, ?, ?, ?, ?, ?, 1, ?, ?, ?, null, null,"
            " ['shoe_size'], [], now()::timestamp)",
            [
                delivery,
                feed,
                str(day),
                day,
                f"canonical/{day}/{feed}.csv",
                f"sha-{feed}",
                status,
                *refusal,
                *counts,
                day,
                day,
                day,
            ],
        )
        connection.execute(
            "insert into ops.gate_results values (?, 'canonical', ?, 'T01', null, 'table', ?, 5, 0, null)",
            [delivery, feed, status == "accepted"],
        )
    quarantined = [
        (1, "workers", 5, "R02", "worker_id", "W00031", "'W00031' is there twice"),
        (2, "trainings", 3, "R03", "due_at", "31.13.2026", "'31.13.2026' is no date"),
    ]
    for delivery, feed, row_number, rule, column, value, message in quarantined:
        connection.execute(
            "insert into ops.quarantine values (?, 'canonical', ?, ?, ?, ?, ?, ?, ?, ?)",
            [delivery, feed, f"canonical/{day}/{feed}.csv", row_number, rule, column, value, message, day],
        )


def change(settings: Settings, sql: str) -> None:
    """Change the fixture's warehouse, as a later run would."""
    with writing(settings) as connection:
        connection.execute(sql)
