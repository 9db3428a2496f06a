"""`python -m benchmarks.evidence`: how long one control's evidence pack over a year takes at 10,000 agents (aim: under 60 s).

Belongs here: a warehouse as a year of daily runs leaves it, made straight in DuckDB, and the clock around the build. The control
is HR-02: a state, tested for both kinds, so every agent has an item on every day. Does not: making evidence (preaudit/evidence/),
or the figures of the daily run (run.py).
"""

import argparse
import tempfile
import time
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import duckdb
import psutil

from preaudit.evidence.build import build
from preaudit.evidence.facts import Period
from preaudit.evidence.verify import verify
from preaudit.ingestion.raw import create_raw_tables
from preaudit.settings import REPOSITORY, Settings
from preaudit.warehouse import writing

CONTROL, LAST_DAY = "HR-02", date(2026, 12, 31)
AIM_SECONDS = 60
SEEDS = ("control_library", "source_feeds", "waivers", "role_profiles", "sod_pairs", "procedure_steps")


@dataclass(frozen=True)
class EvidenceCost:
    """What one pack cost."""

    items: int
    exceptions: int
    build_seconds: float
    verify_seconds: float
    pack_bytes: int
    resident_bytes: int


def fabricate(settings: Settings, agents: int, processes: int, days: int) -> Period:
    """A warehouse with every table that evidence is taken from; one item in fifty is an exception, each for about a month."""
    period = Period(LAST_DAY - timedelta(days=days - 1), LAST_DAY)
    with writing(settings) as connection:
        create_raw_tables(connection)
        connection.execute("create schema seeds; create schema controls; create schema marts")
        for name in SEEDS:
            connection.execute(f"create table seeds.{name} as from read_csv('{REPOSITORY}/dbt_project/seeds/{name}.csv')")
        # Without a row its columns have no type.
        connection.execute(
            "alter table seeds.waivers alter from_date type date; alter table seeds.waivers alter expires_on type date"
        )
        fill(connection, agents, processes, period)
    return period


def fill(connection: duckdb.DuckDBPyConnection, agents: int, processes: int, period: Period) -> None:
    """Items, results, failures, deliveries, gate results, runs."""
    for name, value in (("agents", agents), ("processes", processes), ("first", period.first), ("last", period.last)):
        connection.execute(f"set variable {name} = '{value}'")
    connection.execute(_ROWS)


def measure_evidence(agents: int, processes: int, days: int, folder: Path) -> EvidenceCost:
    """Make the warehouse, build the pack, verify it.

    Raises:
        RuntimeError: the pack is not as signed.
    """
    settings = Settings(home=folder / "home")
    period = fabricate(settings, agents, processes, days)
    started = time.monotonic()
    built = build(settings, [CONTROL], period)
    built_in = time.monotonic() - started
    memory = psutil.Process().memory_info().rss
    started = time.monotonic()
    if verify(built.path).problems:
        raise RuntimeError("the pack is not as signed")
    verified_in = time.monotonic() - started
    with writing(settings) as connection:
        [(items, exceptions)] = connection.execute(
            "select count(*), count(*) filter (where is_exception) from controls.ctl_hr_02"
        ).fetchall()
    return EvidenceCost(items, exceptions, built_in, verified_in, built.link.pack_bytes, memory)


_ROWS = """
create table controls.ctl_hr_02 as
select
    'HR-02' as control_id, kind as entity_kind, if(kind = 'agent', agent, process) as entity_id,
    agent || '|awareness|2026-01-15' as item_key, on_date as tested_on, on_date::timestamp as occurred_at,
    on_date::timestamp as known_at, 1.0::double as exposure,
    hash(number, date_trunc('month', on_date)) % 50 = 0 as is_exception, false as is_zero_tolerance,
    if(is_exception, 'never trained, due ' || date_trunc('month', on_date)::date, null) as reason,
    'canonical/' || on_date || '/trainings.csv#' || number as evidence
from (
    select number, 'W' || lpad(number::varchar, 6, '0') as agent, 'P' || number % getvariable('processes')::int as process
    from range(getvariable('agents')::int) as agents (number)), (values ('agent'), ('process')) as kinds (kind),
    (select day::date as on_date
     from generate_series(getvariable('first')::date, getvariable('last')::date, interval 1 day) as days (day))
order by on_date;

create table marts.fct_control_results as
select
    control_id, entity_kind, entity_id, tested_on as on_date, count(*) as population, sum(exposure) as exposure,
    count(*) filter (is_exception) as exceptions, 0::bigint as waived_exceptions, exceptions / population as exception_ratio,
    0.02::double as tolerance_ratio, exceptions > 0 as has_exception, exceptions / population <= 0.02 as is_within_tolerance,
    if(exceptions > 0, 'fail', 'pass') as status, null::varchar as reason, null::varchar as note
from controls.ctl_hr_02 group by all order by on_date;

create table marts.fct_control_days as
select 'HR-02' as control_id, tested_on as on_date, true as is_evaluable, false as has_error,
    null::varchar as status_reason, count(*) as tested_items
from controls.ctl_hr_02 group by all;

create table marts.fct_failures as
select control_id, entity_kind, entity_id, item_key, min(tested_on) as failed_on, min(occurred_at) as occurred_at,
    'never trained' as reason, 'x' as evidence, false as is_waived, 'control' as origin
from controls.ctl_hr_02 where is_exception group by all;

insert into raw.canonical__workers by name
select entity_id as worker_id, tested_on as _known_on from controls.ctl_hr_02 where entity_kind = 'agent';

insert into ops.deliveries by name
select
    row_number() over (order by on_date, feed) as delivery_id, 'canonical' as source, feed, on_date::varchar as folder,
    on_date as delivered_on, 'canonical/' || on_date || '/' || feed || '.csv' as file, sha256(feed || on_date) as file_sha256,
    1000 as file_bytes, 'accepted' as status, 10000 as rows_delivered, 9999 as rows_accepted, 1 as rows_quarantined,
    0 as rows_refused, 0 as rows_repeated, on_date as known_on, on_date as first_known_on, on_date as last_known_on,
    on_date::timestamp as loaded_at
from marts.fct_control_days, (values ('workers'), ('trainings'), ('process_assignments'), ('accounts')) as feeds (feed);

insert into ops.gate_results by name
select
    delivery_id, source, feed, 'RULE_' || rule as rule_code, 'column' as column_name, 'row' as rule_kind, rule <> 1 as is_success,
    10000 as checked_count, (rule = 1)::int as failed_count
from ops.deliveries, range(25) as rules (rule);

insert into ops.runs
select 'run-' || on_date, 'daily_risk', on_date, on_date, 'benchmark', on_date::timestamp, on_date::timestamp
from marts.fct_control_days;
"""


def main() -> None:
    """Parse the command line, measure, print."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.evidence", description="Measure one control's yearly evidence pack."
    )
    parser.add_argument("--agents", type=int, default=10_000)
    parser.add_argument("--processes", type=int, default=200)
    parser.add_argument("--days", type=int, default=365)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="preaudit-evidence-") as folder:
        cost = measure_evidence(options.agents, options.processes, options.days, Path(folder))
    print(f"{cost.items:,} items, {cost.exceptions:,} exceptions: built in {cost.build_seconds:.1f} s (aim {AIM_SECONDS} s),")
    print(
        f"verified in {cost.verify_seconds:.1f} s; pack {cost.pack_bytes / 2**20:.0f} MiB,"
        f" {cost.resident_bytes / 2**30:.2f} GiB resident after the build"
    )


if __name__ == "__main__":
    main()
