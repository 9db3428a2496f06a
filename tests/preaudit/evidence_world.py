"""A warehouse with a week of two controls, as daily runs leave it: small enough to know every figure of a pack by heart.

Belongs here: rows, and what tests do to them. Does not: expectations of a pack.
"""

import shutil
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb

from preaudit.evidence.facts import Period
from preaudit.ingestion.raw import create_raw_tables
from preaudit.settings import REPOSITORY, Settings
from preaudit.warehouse import writing

WEEK = Period(date(2026, 1, 5), date(2026, 1, 9))
NOON = datetime(2026, 1, 10, 12, tzinfo=UTC)
# The second agent's id is a number: it can be found in an evidence key, and not in a sentence.
IDENTITIES = ("W0001", "W00012", "ACC-W0001-crm", "anna@example.com")
NUMERIC_AGENT = "7"

_TABLES = """
create schema seeds; create schema controls; create schema marts;
create table seeds.waivers (
    control_id varchar, entity_kind varchar, entity_id varchar, item_key varchar, reason varchar, approver varchar,
    from_date date, expires_on date);
create table seeds.source_feeds (source varchar, source_table varchar, feed varchar);
create table seeds.role_profiles (job_role varchar); create table seeds.sod_pairs (pair_id varchar);
create table seeds.procedure_steps (process_kind varchar);
create table controls.ctl_sec_02 (
    control_id varchar, entity_kind varchar, entity_id varchar, item_key varchar, tested_on date, occurred_at timestamp,
    known_at timestamp, exposure double, is_exception boolean, is_zero_tolerance boolean, reason varchar, evidence varchar);
create table controls.ctl_jml_01 as from controls.ctl_sec_02;
create table marts.fct_control_results (
    control_id varchar, entity_kind varchar, entity_id varchar, on_date date, population bigint, exposure double,
    exceptions bigint, waived_exceptions bigint, tolerance_ratio double, is_within_tolerance boolean, status varchar);
create table marts.fct_control_days (
    control_id varchar, on_date date, is_evaluable boolean, has_error boolean default false, status_reason varchar
);
create table marts.fct_failures (control_id varchar, entity_kind varchar, entity_id varchar, item_key varchar, failed_on date);
"""

# SEC-02 on five days: the 5th one of two agents fails; the 6th has only an item that cannot be judged; the 7th has nothing to
# test; on the 8th a feed was refused; nobody ran the 9th.
_ROWS = """
insert into raw.canonical__workers (worker_id, email) values ('W0001', 'anna@example.com'), ('W00012', null), ('7', null);
insert into raw.canonical__accounts (account_id, worker_id) values ('ACC-W0001-crm', 'W0001');
insert into controls.ctl_sec_02 values
    ('SEC-02', 'agent', 'W0001', 'ACC-W0001-crm|2026-01-05', '2026-01-05', '2026-01-05 08:00', '2026-01-05', 2, true, true,
     'W0001 <logged> on to ACC-W0001-crm, known to W00012', 'auth_events|W0001|2026-01-05'),
    ('SEC-02', 'agent', '7', '7|2026-01-05', '2026-01-05', '2026-01-05', '2026-01-05', 3, false, false, null,
     'auth_events|7|2026-01-05'),
    ('SEC-02', 'agent', '7', '7|2026-01-06', '2026-01-06', '2026-01-06', '2026-01-06', 1, null, false, 'factors are unknown',
     'auth_events|7|2026-01-06');
insert into marts.fct_control_results values
    ('SEC-02', 'agent', 'W0001', '2026-01-05', 1, 2, 1, 0, 0.01, false, 'fail'),
    ('SEC-02', 'agent', '7', '2026-01-05', 1, 3, 0, 0, 0.01, true, 'pass');
insert into marts.fct_control_days (control_id, on_date, is_evaluable, status_reason) values
    ('SEC-02', '2026-01-05', true, null), ('SEC-02', '2026-01-06', true, null), ('SEC-02', '2026-01-07', true, null),
    ('SEC-02', '2026-01-08', false, 'feed auth_events was refused on 2026-01-08');
insert into marts.fct_failures values ('SEC-02', 'agent', 'W0001', 'ACC-W0001-crm|2026-01-05', '2026-01-02');
insert into ops.runs values
    ('run-5', 'daily_risk', '2026-01-05', '2026-01-05', '0.1.0', '2026-01-06 05:00', '2026-01-06 05:10'),
    ('run-later', 'daily_risk', '2026-01-20', '2026-01-20', '0.1.0', '2026-01-21 05:00', '2026-01-21 05:10');
insert into ops.invocations values
    ('dbt-5', 'run-5', 'dbt_transformation', '2026-01-05', '2026-01-05', 'digest', '2026-01-06 05:05');
"""


def make_world(home: Path) -> Settings:
    """A home with that warehouse; nothing is built yet."""
    settings = Settings(home=home)
    with writing(settings) as connection:
        create_raw_tables(connection)
        connection.execute(_TABLES)
        library = REPOSITORY / "dbt_project" / "seeds" / "control_library.csv"
        connection.execute(f"create table seeds.control_library as from read_csv('{library}')")
        connection.execute("update seeds.control_library set needs_feeds = 'workers;auth_events', optional_feeds = null")
        connection.execute(_ROWS)
        deliver(connection, 1, "workers", "history", "2025-12-01", rows=100)
        deliver(connection, 2, "auth_events", "2026-01-05", "2026-01-05", rows=50, quarantined=2)
        deliver(connection, 3, "auth_events", "2026-01-08", None, rows=40, reason="column outcome of anna@example.com is missing")
        deliver(connection, 4, "auth_events", "2026-01-20", "2026-01-20", rows=60)
        deliver(connection, 5, "tickets", "2026-01-05", "2026-01-05", rows=70)
    return settings


def deliver(
    connection: duckdb.DuckDBPyConnection,
    number: int,
    feed: str,
    folder: str,
    known_on: str | None,
    *,
    rows: int,
    quarantined: int = 0,
    reason: str | None = None,
) -> None:
    """Record one file; it was refused where there is a reason."""
    refused = rows if reason else 0
    connection.execute(
        "insert into ops.deliveries by name select ? as delivery_id, 'canonical' as source, ? as feed, ? as folder,"
        " try_cast(? as date) as delivered_on, ? as file, sha256(?) as file_sha256, 9 as file_bytes, ? as status,"
        " ? as refusal_reason, ? as rows_delivered, ? as rows_accepted, ? as rows_quarantined, ? as rows_refused,"
        " 0 as rows_repeated, ?::date as known_on, ?::date as first_known_on, ?::date as last_known_on,"
        " timestamp '2026-01-09 05:00' as loaded_at",
        [
            *(number, feed, folder, folder, f"canonical/{folder}/{feed}.csv", f"file {number}"),
            *("refused" if reason else "accepted", reason, rows, rows - quarantined - refused, quarantined, refused),
            *(known_on, known_on, known_on),
        ],
    )
    connection.execute(
        "insert into ops.gate_results values (?, 'canonical', ?, 'NOT_READABLE', 'occurred_at', 'row', ?, ?, ?, null)",
        [number, feed, quarantined == 0, rows, quarantined],
    )


def change(settings: Settings, sql: str) -> None:
    """What a later run, or somebody, did to the warehouse."""
    with writing(settings) as connection:
        connection.execute(sql)


def copy_of(settings: Settings, home: Path) -> Settings:
    """The same installation in another folder: same warehouse, keys and chain."""
    shutil.copytree(settings.home, home)
    return Settings(home=home)


def rows(settings: Settings, read: Any, *arguments: Any) -> list[dict[str, Any]]:
    """Rows of a frame that facts.py or sources.py reads."""
    from preaudit.warehouse import reading

    with reading(settings) as connection:
        return list(read(connection, *arguments).to_dicts())
