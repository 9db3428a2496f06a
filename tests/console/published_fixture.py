"""A small warehouse as the run leaves it: the tables that are published, with their pinned columns, and known rows."""

import json
from datetime import date
from pathlib import Path

import duckdb

from preaudit.settings import Settings
from preaudit.warehouse import writing

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
    limit_source varchar,
    soc2 varchar, question varchar, remedy varchar);
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
create table marts.rank_entities (
    as_of_on date, entity_kind varchar, entity_id varchar, rank bigint, probability_any double, risk double, worst_control_id
    varchar,
    worst_control_probability double, reasons varchar, ranked_by varchar, exceptions_28d double, exceptions_90d double,
    open_exceptions bigint, controls_scored bigint);
"""


def settings_for(home: Path) -> Settings:
    """Settings of a test home."""
    return Settings(home=home / "var", landing=home / "landing", threads=1)


def make_warehouse(settings: Settings, day: date = DAY, *, agents_ranked_by: str = "model") -> None:
    """Fill an empty warehouse with one day of results of three agents and two processes."""
    with writing(settings) as connection:
        connection.execute(_MARTS)
        _controls(connection, day)
        _results(connection, day)
        _ranking(connection, day, agents_ranked_by)
        _deliveries(connection, day)


def _controls(connection: duckdb.DuckDBPyConnection, day: date) -> None:
    library = [
        ("HR-02", "Training done on time", True, "trainings"),
        ("OPS-04", "Work done within its service level", True, "tickets"),
        ("SEC-01", "Patches in time", False, "tickets"),
    ]
    for control, name, implemented, feeds in library:
        connection.execute(
            "insert into seeds.control_library values (?, ?, 'People', 'both', 'state', 'high', 0.75, ?, ?, 'daily', 0, '0',"
            " 'policy', 'CC1.4', 'Is it done?', 'Do it.')",
            [control, name, implemented, feeds],
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
        connection.execute(
            "insert into marts.rank_entities values (?, ?, ?, ?, ?, ?, 'HR-02', ?, ?, ?, ?, ?, 1, 2)",
            [day, kind, name, rank, probability, probability, probability, reasons, ranked_by, 4 - rank, 9 - rank],
        )
        version = "3" if by_model else None
        for control in ("HR-02", "OPS-04"):
            connection.execute(
                "insert into ml.scores values (?, ?, ?, ?, 30, ?, null, ?, 2, 3, ?, ?)",
                [day, kind, name, control, probability, ranked_by, version, reasons],
            )
    connection.executemany("insert into raw.canonical__workers values (?, ?)", [(worker, None) for worker in WORKERS])
    connection.execute("insert into raw.canonical__workers values ('W0001', 'anna@example.com')")
    connection.execute("insert into raw.canonical__accounts values ('ACC-W0001-crm')")
    connection.executemany(
        "insert into intermediate.int_entities__process_day values (?, ?, ?)", [(day, *item) for item in PROCESSES.items()]
    )


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
