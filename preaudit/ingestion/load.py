"""One delivered file into the warehouse, in one transaction: raw rows, quarantine, gate results, the delivery's record.

Belongs here: the order of the steps and the accounting that must hold. Does not: finding files (discovery.py), reading them
(reading.py, tolerant.py), judging rows (expectations/). A refused file leaves no raw rows and stays in the landing folder.
"""

import csv
import errno
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb

from expectations import contract, gate
from expectations.columns import Feed
from expectations.duplicates import Delivery
from preaudit.errors import PreauditError
from preaudit.ingestion import clock, ledger, raw, reading, tolerant
from preaudit.ingestion.discovery import DeliveryFile, split_names, unloaded
from preaudit.ingestion.outcome import DeliveryOutcome
from preaudit.ingestion.problems import FileRefused
from preaudit.ingestion.reading import Readable
from preaudit.settings import Settings
from preaudit.warehouse import reading as warehouse_reading
from preaudit.warehouse import writing

# The warehouse or the machine failed (memory, disk, a broken database): the file is not to blame and is tried again next time.
NOT_THE_FILE = (
    MemoryError,
    duckdb.FatalException,
    duckdb.InternalException,
    duckdb.InterruptException,
    duckdb.IOException,
    duckdb.OutOfMemoryException,
    duckdb.TransactionException,
)


@dataclass(frozen=True)
class Refusal:
    """A delivery that is still refused: its file is still there, and no later one of its feed and folder was accepted."""

    feed: str
    folder: str
    file: str
    rule: str
    reason: str


@dataclass(frozen=True)
class _Job:
    settings: Settings
    feed: Feed
    file: DeliveryFile
    through: date
    run_from: date
    scratch: Path
    progress: Callable[[str], None]


def pending(settings: Settings, source: str, through: date) -> list[DeliveryFile]:
    """Files of a source up to a day that are new or were corrected; history first, then by day."""
    if not settings.warehouse.exists():
        with writing(settings) as con:
            raw.create_raw_tables(con)
    with warehouse_reading(settings) as con:
        return unloaded(con, settings, source, through)


def ingest(
    settings: Settings, source: str, feed: str, through: date, run_from: date, progress: Callable[[str], None] | None = None
) -> list[DeliveryOutcome]:
    """Load every pending file of one feed, history first, then by day.

    Args:
        through: the run's last as-of date; later folders wait.
        run_from: the run's first as-of date, which a late folder becomes known on.
        progress: called with a line of text when a file begins and after every million rows.

    Raises:
        PreauditError: the feed is unknown, the warehouse is held by another process, or the accounting does not hold.
    """
    declared = contract.find_feed(source, feed)
    if declared is None:
        names = ", ".join(other.name for other in contract.feeds(source)) or "none, the source is unknown"
        raise PreauditError(f"{feed} is not a feed of source {source}.", remedy=f"Choose one of: {names}.")
    outcomes = []
    with writing(settings) as con, tempfile.TemporaryDirectory(prefix="preaudit-") as scratch:
        con.execute("set TimeZone = ?", [settings.source_time_zone])
        raw.create_raw_tables(con)
        for file in unloaded(con, settings, source, through, feed):
            job = _Job(settings, declared, file, through, run_from, Path(scratch), progress or _silent)
            job.progress(f"{file.file}: loading")
            outcomes.append(_load(con, job))
    return outcomes


def standing_refusals(settings: Settings, source: str, through: date, feed: str | None = None) -> list[Refusal]:
    """Deliveries up to a day that were refused, in this run or an earlier one, and neither replaced nor withdrawn since."""
    with warehouse_reading(settings) as con:
        rows = con.execute(
            "with latest as (select * from ops.deliveries where source = ? and coalesce(delivered_on <= ?, true) "
            "qualify row_number() over (partition by feed, folder order by delivery_id desc) = 1) "
            "select feed, folder, file, refusal_rule, refusal_reason from latest "
            "where status = 'refused' and feed = coalesce(?, feed) order by feed, folder",
            [source, through, feed],
        ).fetchall()
    refusals = [Refusal(*row) for row in rows]
    return [refusal for refusal in refusals if any((settings.landing / file).exists() for file in split_names(refusal.file))]


def _load(con: duckdb.DuckDBPyConnection, job: _Job) -> DeliveryOutcome:
    record = ledger.Record(con, job.feed, job.file, datetime.now(UTC).replace(tzinfo=None))
    try:
        with _blamed_on(job.file):
            readable = _open(con, job)
        record.note_columns(readable.columns)
        columns = _check_columns(job, readable)
        if columns.refusal:
            raise FileRefused(*columns.refusal, results=columns.results)
        try:
            return _load_rows(con, job, record, readable, columns.results, passing=(*NOT_THE_FILE, *reading.ROW_ERRORS))
        except reading.ROW_ERRORS as error:
            with _blamed_on(job.file):
                readable = _open_damaged(job, error)
        return _load_rows(con, job, record, readable, columns.results)
    except FileRefused as problem:
        rows = problem.rows if problem.rows is not None else sum(reading.count_rows(path) for path in job.file.paths)
        with _transaction(con):
            return record.refuse(problem.rule, problem.message, rows=rows, results=problem.results)


def _check_columns(job: _Job, readable: Readable) -> gate.GateReport:
    """JSON lines name their columns in each row, so a file without a sound row names none and is judged as empty."""
    if job.file.format == "jsonl" and not readable.columns:
        return gate.GateReport((), None)
    return gate.check_columns(job.settings, job.feed, readable.columns, job.file.file, is_history=job.file.is_history)


def _open(con: duckdb.DuckDBPyConnection, job: _Job) -> Readable:
    path, form = job.file.path, job.file.format
    if len(job.file.paths) > 1:
        names = " and ".join(path.name for path in job.file.paths)
        raise FileRefused("TWO_FORMATS", f"{job.file.folder} holds {names}: which one counts cannot be said. Remove one of them.")
    try:
        return reading.read(con, path, form)
    except reading.ROW_ERRORS as error:
        return _open_damaged(job, error)


def _open_damaged(job: _Job, error: duckdb.Error) -> Readable:
    """Raises: FileRefused for a file that cannot be read row by row."""
    path = job.file.path
    if job.file.format == "parquet":
        raise FileRefused("UNREADABLE_FILE", f"{path.name}: {str(error).splitlines()[0]}. Deliver the file again.") from error
    if isinstance(error, duckdb.IOException):
        reading.check_compression(path)
    return tolerant.read(path, job.file.format, job.scratch)


def _load_rows(
    con: duckdb.DuckDBPyConnection,
    job: _Job,
    record: ledger.Record,
    readable: Readable,
    column_results: tuple[gate.RuleResult, ...],
    *,
    passing: tuple[type[Exception], ...] = NOT_THE_FILE,
) -> DeliveryOutcome:
    known_on = clock.known_on(job.file.delivered_on, job.run_from, clock.watermark(con))
    malformed = len(readable.malformed)
    with _transaction(con):
        record.open(known_on)
        with _blamed_on(job.file, passing):
            rows = raw.insert_rows(con, job.feed, readable, record.delivery_id, job.file.file, known_on)
        report = gate.check_delivery(
            con,
            job.settings,
            Delivery(job.feed, raw.table_name(job.feed), record.delivery_id, job.file.is_history, record.replaces),
            rows=rows,
            malformed=malformed,
            latest_on=clock.latest_past_day(known_on, job.through),
            delivered_on=job.file.delivered_on,
            progress=lambda checked: job.progress(f"{job.file.file}: {checked:,} of {rows:,} rows checked"),
        )
        results = (*column_results, *report.results)
        if report.refusal:
            raise FileRefused(*report.refusal, rows=rows + malformed, results=results)
        return record.accept(rows, readable.malformed, results)


def _silent(_: str) -> None:
    """Progress that nobody watches."""


@contextmanager
def _blamed_on(file: DeliveryFile, passing: tuple[type[Exception], ...] = NOT_THE_FILE) -> Iterator[None]:
    """Turn an unforeseen error of reading a file into its refusal, except for errors of the kinds `passing`."""
    try:
        yield
    except _read_errors() as error:
        if isinstance(error, passing) or getattr(error, "errno", None) in (errno.ENOSPC, errno.EDQUOT, errno.ENOMEM):
            raise
        reason = (str(error).splitlines() or [type(error).__name__])[0]
        raise FileRefused("UNREADABLE_FILE", f"{file.path.name} cannot be read: {reason}. Deliver the file again.") from error


def _read_errors() -> tuple[type[Exception], ...]:
    from pyarrow import ArrowException

    return csv.Error, UnicodeError, OSError, duckdb.Error, ArrowException


@contextmanager
def _transaction(con: duckdb.DuckDBPyConnection) -> Iterator[None]:
    con.execute("begin")
    try:
        yield
    except BaseException:
        con.execute("rollback")
        raise
    con.execute("commit")
