"""Deliveries for the integration tests: a small simulated operation, and what can happen to its files on the way.

Belongs here: making and changing files of a landing folder. Does not: running anything on them.
"""

import csv
import gzip
import shutil
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from pathlib import Path

import duckdb
import polars as pl

from expectations import contract
from preaudit.settings import REPOSITORY
from simulation import simulate

# The history ends on a Sunday, a training date; two daily folders follow. The second lacks data_access_events, and the files
# that its sources send afterwards lie in corrections/.
LAST_HISTORY_DAY, FIRST_DAY, SECOND_DAY = date(2026, 10, 25), date(2026, 10, 26), date(2026, 10, 27)
LATE_FOLDER = date(2026, 10, 24)
AGENTS, PROCESSES, DAYS, SEED = 60, 5, 180, 2
FIRST_HISTORY_DAY = SECOND_DAY - timedelta(days=DAYS - 1)
CUT_ON = date(2026, 8, 30)  # A Sunday, so a training date: eight weeks of deliveries lie behind it.
INCIDENT_LOG = REPOSITORY.parent / "shared" / "data" / "servicenow" / "incident_event_log.csv.gz"


def make_world(folder: Path) -> Path:
    """Simulate; returns the folder with landing, corrections and truth."""
    simulate(
        AGENTS, PROCESSES, DAYS, SEED, folder, end_on=SECOND_DAY, events_per_shift=2, tickets_per_shift=1.2, daily_deliveries=2
    )
    return folder


def deliver(source: Path, landing: Path, *, leave_out: Iterable[str] = ()) -> None:
    """Copy a folder of deliveries (history or a day) into the landing folder, as new files."""
    target = landing / "canonical" / source.name
    target.mkdir(parents=True, exist_ok=True)
    for path in sorted(source.iterdir()):
        if path.name.split(".")[0] not in leave_out:
            shutil.copyfile(path, target / path.name)


def cut_history(source: Path, landing: Path, through: date) -> int:
    """Copy the history without the rows that became known after a day; returns how many were left out."""
    target = landing / "canonical" / "history"
    target.mkdir(parents=True)
    left_out = 0
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'UTC'")
        for path in sorted(source.glob("*.parquet")):
            feed = contract.find_feed("canonical", path.stem)
            assert feed is not None
            future = f"coalesce(cast({feed.history_column} as date) > date '{through}', false)"
            rows = f"from read_parquet('{path}')"
            left_out += connection.execute(f"select count(*) {rows} where {future}").fetchall()[0][0]
            connection.execute(f"copy (select * {rows} where not {future}) to '{target / path.name}' (format parquet)")
    return left_out


def without_column(source: Path, column: str, target: Path) -> None:
    """The same delivery as its export would come with one column missing, as csv."""
    read_delivery(source).drop(column).write_csv(target)


def read_delivery(path: Path) -> pl.DataFrame:
    """A delivered file with every value as text or its JSON type."""
    data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    kind = path.name.split(".")[1]
    if kind == "csv":
        return pl.read_csv(data, infer_schema=False)
    return pl.read_parquet(path) if kind == "parquet" else pl.read_ndjson(data)


def write_tiny_history(landing: Path, first: date, days: int) -> None:
    """Three agents on one process, one ticket each a day, closed the same day without evidence now and then."""
    folder = landing / "canonical" / "history"
    folder.mkdir(parents=True)
    agents = ("W1", "W2", "W3")
    spine = [first + timedelta(days=number) for number in range(days)]
    lists = [spine[0], spine[7], spine[14], spine[-1]]
    _write(
        folder / "workers.csv",
        "worker_id,employment_status,job_role,site,hire_date,snapshot_on",
        [(agent, "active", "agent", "Cebu", "2025-01-06", day) for day in lists for agent in agents],
    )
    _write(folder / "processes.csv", "process_id,name,snapshot_on", [("P1", "card disputes", day) for day in lists])
    _write(
        folder / "process_assignments.csv",
        "worker_id,process_id,assigned_from,snapshot_on",
        [(agent, "P1", "2025-01-06", day) for day in lists for agent in agents],
    )
    tickets = [(f"T{number}{agent}", agent, day) for number, day in enumerate(spine) for agent in agents]
    _write(
        folder / "tickets.csv",
        "ticket_id,kind,process_id,status,opened_at,assignee_id,due_at,resolved_at,closed_at,sla_met,reopen_count,has_evidence,updated_at",
        [
            (
                *(ticket, "case", "P1", "closed", f"{day}T08:00:00", agent),
                *(f"{day}T18:00:00", f"{day}T11:00:00", f"{day}T12:00:00", "true", 0),
                *("false" if agent == "W2" and day.day % 5 == 0 else "true", f"{day}T12:00:00"),
            )
            for ticket, agent, day in tickets
        ],
    )


def _write(path: Path, header: str, rows: Sequence[Sequence[object]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow(header.split(","))
        writer.writerows(rows)
