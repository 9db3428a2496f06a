"""The door to the DuckDB warehouse: the only module that opens it for writing.

DuckDB lets one process write or many read, and dbt opens the file with settings of its own: every connection is short, but for
the stretch of work that says `kept_open`.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from preaudit.errors import PreauditError
from preaudit.settings import Settings

if TYPE_CHECKING:
    import polars

# What held the file may be about to end (2026-11: a killed process lets go within 10 s).
LOCK_PATIENCE_SECONDS = 20.0

_kept_open: ContextVar[duckdb.DuckDBPyConnection | None] = ContextVar("kept_open", default=None)

DDL = Path(__file__).with_name("warehouse.sql")


@contextmanager
def writing(settings: Settings) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection that may write; the ops and ml tables exist in it.

    Raises:
        PreauditError: another process holds the warehouse, or the file is not a DuckDB file.
    """
    if (kept := _kept_open.get()) is not None:
        with kept.cursor() as connection:
            yield connection
        return
    settings.home.mkdir(parents=True, exist_ok=True)
    connection = _open(settings, read_only=False)
    try:
        connection.execute(DDL.read_text(encoding="utf-8"))
        yield connection
    finally:
        connection.close()


@contextmanager
def kept_open(settings: Settings) -> Iterator[None]:
    """Keep the warehouse open for writing: `writing` and `reading` within it cost nothing (else 25 ms each, 2026-11).

    For many short pieces of work in one thread, none of which starts dbt.

    Raises:
        PreauditError: as `writing`.
    """
    with writing(settings) as connection:
        token = _kept_open.set(connection)
        try:
            yield
        finally:
            _kept_open.reset(token)


@contextmanager
def reading(settings: Settings) -> Iterator[duckdb.DuckDBPyConnection]:
    """A read-only connection, for the run itself and for tests; readers of results use the published snapshot instead."""
    if (kept := _kept_open.get()) is not None:
        with kept.cursor() as connection:
            yield connection
        return
    connection = _open(settings, read_only=True)
    try:
        yield connection
    finally:
        connection.close()


def _open(settings: Settings, *, read_only: bool) -> duckdb.DuckDBPyConnection:
    config: dict[str, str | bool | int | float | list[str]] = {
        "threads": str(settings.threads),
        "memory_limit": settings.memory_limit,
        "temp_directory": str(settings.home / "spill"),
        "autoinstall_known_extensions": "false",
    }
    if read_only and not settings.warehouse.exists():
        raise PreauditError(
            "There is no warehouse yet.", where=str(settings.warehouse), remedy="`preaudit run` makes it from what was delivered."
        )
    last_try = time.monotonic() + LOCK_PATIENCE_SECONDS
    while True:
        try:
            return duckdb.connect(str(settings.warehouse), read_only=read_only, config=config)
        except duckdb.IOException as error:
            is_locked = "lock" in str(error)
            if is_locked and time.monotonic() < last_try:
                time.sleep(0.5)
                continue
            raise PreauditError(
                f"The warehouse could not be opened: {str(error).splitlines()[0]}",
                where=str(settings.warehouse),
                remedy="Wait for the other run to end, or set PREAUDIT_HOME to another folder."
                if is_locked
                else "It is no DuckDB database or damaged: move it away and load the history again (docs/runbook.md).",
            ) from error


def replace_scores(settings: Settings, scores: polars.DataFrame) -> int:
    """Write the scores of the as-of dates in the frame (columns of ml.scores) in place of what was there."""
    with writing(settings) as connection:
        connection.register("new_scores", scores.to_arrow())
        connection.begin()
        connection.execute("delete from ml.scores where as_of_on in (select distinct as_of_on from new_scores)")
        connection.execute("insert into ml.scores by name select * from new_scores")
        connection.commit()
    return scores.height


def replace_backtested_lists(settings: Settings, entity_kind: str, lists: polars.DataFrame) -> None:
    """Write the back-tested lists of one kind (columns of ml.backtested_lists but entity_kind) in place of what was there."""
    with writing(settings) as connection:
        connection.register("new_lists", lists.to_arrow())
        connection.begin()
        connection.execute("delete from ml.backtested_lists where entity_kind = ?", [entity_kind])
        connection.execute("insert into ml.backtested_lists by name select ? as entity_kind, * from new_lists", [entity_kind])
        connection.commit()


def add_reference(
    settings: Settings,
    entity_kind: str,
    model_version: str,
    horizon_days: int,
    last_as_of_on: date,
    entities: int,
    spread: polars.DataFrame,
) -> bool:
    """Note what a model version was trained on, with the spread of its inputs.

    Returns:
        False for a version that is known: it stays as it is.
    """
    with writing(settings) as connection:
        key = [entity_kind, model_version]
        if connection.execute("select 1 from ml.trained_models where entity_kind = ? and model_version = ?", key).fetchall():
            return False
        connection.register("new_spread", spread.to_arrow())
        connection.begin()
        connection.execute(
            "insert into ml.trained_models values (?, ?, ?, ?, ?, ?, ?)",
            [*key, horizon_days, last_as_of_on, last_as_of_on + timedelta(days=horizon_days), entities, _now()],
        )
        connection.execute(
            "insert into ml.feature_reference by name select ? as entity_kind, ? as model_version, * from new_spread", key
        )
        connection.commit()
    return True


def record_run(
    settings: Settings, run_id: str, job: str, days: tuple[date, date], code_version: str, started_at: datetime
) -> None:
    """Note that a window was run to the end; the latest such day is the watermark that late deliveries are measured against."""
    ended_at = _now()
    with writing(settings) as connection:
        connection.execute(
            "insert into ops.runs by name select ? as run_id, ? as job, ? as from_date, ? as to_date, ? as code_version, "
            "? as started_at, ? as ended_at",
            [run_id, job, *days, code_version, started_at.replace(tzinfo=None), ended_at],
        )


def built_project(settings: Settings, stage: str) -> str | None:
    """Digest of the dbt project that built a stage last; None where it was never built."""
    with writing(settings) as connection:
        found = connection.execute("select project_digest from ops.builds where stage = ?", [stage]).fetchall()
    return str(found[0][0]) if found else None


def record_build(settings: Settings, stage: str, project_digest: str) -> None:
    """Note which dbt project a stage was built with."""
    with writing(settings) as connection:
        connection.execute("insert or replace into ops.builds values (?, ?)", [stage, project_digest])


def record_invocation(
    settings: Settings, invocation_id: str, run_id: str, stage: str, days: tuple[date, date], project_digest: str
) -> None:
    """Note which dbt invocation built a stage for a window, and from which project."""
    ended_at = _now()
    with writing(settings) as connection:
        connection.execute(
            "insert into ops.invocations values (?, ?, ?, ?, ?, ?, ?)",
            [invocation_id, run_id, stage, *days, project_digest, ended_at],
        )


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)
