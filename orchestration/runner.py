"""Runs windows of days from the command line, in this process, with the runs recorded in Dagster's history.

Belongs here: the order ingest, transform, (train), score, publish, and the lock. Does not: printing, or looking into landing.
"""

import contextlib
import fcntl
import os
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from orchestration.partitions import DAYS_WITH_DAILY_FEATURES, FROM_DATE_TAG, FULL_REFRESH_TAG, Window
from preaudit.errors import PreauditError
from preaudit.settings import Settings

if TYPE_CHECKING:
    import dagster as dg


@contextlib.contextmanager
def run_lock(settings: Settings) -> Iterator[None]:
    """Only one run at a time; a lock left by a killed run is free again because the system releases it.

    Raises:
        PreauditError: another run holds it.
    """
    settings.home.mkdir(parents=True, exist_ok=True)
    with (settings.home / "run.lock").open("a+") as stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise PreauditError(
                "Another run is in progress.",
                where=str(settings.home),
                remedy="Wait for it to end, or set PREAUDIT_HOME to another folder.",
            ) from error
        # A key that cannot be read should be known before an hour of work, not at publication.
        from preaudit.pseudonyms import load_pseudonyms

        load_pseudonyms(settings)
        yield


def run_window(
    settings: Settings, window: Window, sources: list[str], *, full_refresh: bool = False, train: bool | None = None
) -> None:
    """Ingest, transform, score and publish one window as one backfill.

    Args:
        window: inclusive as-of dates; the last one is scored and published.
        sources: what to ingest first.
        full_refresh: rebuild every table from raw for this window.
        train: train before scoring; by default for a range long enough to be a history load.

    Raises:
        PreauditError: a job failed for another reason than a refused delivery.
    """
    with run_lock(settings):
        _run_window(settings, window, sources, full_refresh=full_refresh, train=train)


def _run_window(
    settings: Settings, window: Window, sources: list[str], *, full_refresh: bool = False, train: bool | None = None
) -> None:
    train = (window.last - window.first).days >= DAYS_WITH_DAILY_FEATURES if train is None else train
    tags = {FROM_DATE_TAG: window.first.isoformat(), **({FULL_REFRESH_TAG: "true"} if full_refresh else {})}
    with _instance(settings) as (definitions, instance):
        _ingest(definitions, instance, settings, sources, window, tags)
        if not train:
            _execute(definitions, instance, "daily_risk", window, tags)
            return
        _execute(definitions, instance, "transform", window, tags)
        # A first load wants a first answer; the full training is the week's.
        _execute(definitions, instance, "train_model", None, {}, config=_training_config(is_quick=True))
        _execute(definitions, instance, "score_and_publish", window, tags)


def catch_up(settings: Settings, sources: list[str]) -> bool:
    """Run all that waits in landing: history as one load with training, then every delivered day as a daily run.

    Returns:
        False where nothing waited.

    Raises:
        PreauditError: a corrected history waits, or a job failed.
    """
    from preaudit import ingestion

    today = datetime.now(UTC).date()
    with run_lock(settings):
        waiting = [file for source in sources for file in ingestion.pending(settings, source, today)]
        loaded, last_run = _loaded_and_run(settings)
        # A day that was loaded and then broke off waits as much as a file does. What comes late becomes known on the last day
        # that was run (docs/decisions/0004-known-on.md), so that day is run again, not the late one.
        waiting_days = loaded | {file.delivered_on for file in waiting}
        days = sorted({max(day, last_run or day) for day in waiting_days if day is not None})
        has_history = any(file.is_history for file in waiting)
        if last_run is None and (has_history or None in loaded):
            _load_history(settings, sources, days[0] - timedelta(days=1) if days else today)
        elif has_history:
            raise PreauditError(
                "A corrected history waits.",
                where=str(settings.landing),
                remedy="Give its days with --from and --to and --full-refresh: tables have to be built again from raw.",
            )
        for day in days:
            _run_window(settings, Window(day, day), sources)
    return bool(days) or has_history


def _loaded_and_run(settings: Settings) -> tuple[set[date | None], date | None]:
    """Folder days (None for the history) that were loaded and not run to the end since, and the last day that was."""
    from preaudit import warehouse

    with warehouse.writing(settings) as connection:
        ends = connection.execute("select max(to_date), max(ended_at) from ops.runs where ended_at is not null").fetchall()
        last_run, ended_at = ends[0]
        loaded = connection.execute(
            "select distinct delivered_on from ops.deliveries "
            "where cast($ended_at as timestamp) is null or loaded_at > $ended_at or delivered_on > $last_run",
            {"ended_at": ended_at, "last_run": last_run},
        ).fetchall()
    return {row[0] for row in loaded}, last_run


def _load_history(settings: Settings, sources: list[str], through: date) -> None:
    """Ingest the history, then run the days it covers as one window."""
    with _instance(settings) as (definitions, instance):
        _ingest(definitions, instance, settings, sources, Window(through, through), {})
    _run_window(settings, _days_of_history(settings, through), sources, train=True)


def _days_of_history(settings: Settings, through: date) -> Window:
    """First to last day the history speaks of: of its lists where it has any, because versions may reach back for years."""
    from expectations import contract
    from preaudit import warehouse

    with warehouse.reading(settings) as connection:
        rows = connection.execute(
            "select source, feed, first_known_on, last_known_on from ops.deliveries "
            "where folder = 'history' and status = 'accepted'"
        ).fetchall()
    kinds = {(source, feed): contract.find_feed(source, feed) for source, feed, _, _ in rows}
    lists = [row for row in rows if (found := kinds[row[0], row[1]]) is not None and found.kind == "S"]
    if not rows:
        raise PreauditError(
            "No file of the history was accepted.", where=str(settings.landing), remedy="`preaudit deliveries` says why."
        )
    spans = [row for row in (lists or rows) if row[2] is not None]
    return Window(min(row[2] for row in spans), min(through, max(row[3] for row in rows if row[3] is not None)))


def train_and_publish(settings: Settings, as_of_on: date, *, is_quick: bool = False) -> None:
    """Train both models now, then score and publish a day again with the champions there are."""
    with run_lock(settings), _instance(settings) as (definitions, instance):
        _execute(definitions, instance, "train_model", None, {}, config=_training_config(is_quick=is_quick))
        _execute(definitions, instance, "score_and_publish", Window(as_of_on, as_of_on), {})


def _training_config(*, is_quick: bool) -> dict[str, Any]:
    from orchestration.assets.risk import MODEL_ASSETS

    return {"ops": {model.op.name: {"config": {"is_quick": is_quick}} for model in MODEL_ASSETS}}


@contextlib.contextmanager
def _instance(settings: Settings) -> "Iterator[tuple[dg.Definitions, dg.DagsterInstance]]":
    """Definitions and the instance under home; what libraries print goes to <home>/logs/run.log."""
    settings.dagster_home.mkdir(parents=True, exist_ok=True)
    instance_file = settings.dagster_home / "dagster.yaml"
    if not instance_file.exists():
        instance_file.write_text("telemetry:\n  enabled: false\n", encoding="utf-8")
    os.environ["DAGSTER_HOME"] = str(settings.dagster_home)
    log = settings.home / "logs" / "run.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("a", encoding="utf-8") as stream, contextlib.redirect_stdout(stream):
        import dagster as dg

        from orchestration.definitions import build_defs
        from orchestration.event_log import kept_connections

        with dg.DagsterInstance.get() as instance, kept_connections(instance):
            yield build_defs(settings=settings), instance


def _ingest(
    definitions: "dg.Definitions",
    instance: "dg.DagsterInstance",
    settings: Settings,
    sources: list[str],
    window: Window,
    tags: dict[str, str],
) -> None:
    from preaudit import warehouse

    with warehouse.kept_open(settings):
        for source in sources:
            _execute(definitions, instance, f"ingest_{source}", window, tags, refusals_are_fine=True)


def _execute(
    definitions: "dg.Definitions",
    instance: "dg.DagsterInstance",
    job: str,
    window: Window | None,
    tags: dict[str, str],
    *,
    refusals_are_fine: bool = False,
    config: dict[str, Any] | None = None,
) -> None:
    result: Any = definitions.resolve_job_def(job).execute_in_process(
        instance=instance,
        partition_key=window.last.isoformat() if window else None,
        tags=tags,
        run_config={"loggers": {"progress": {}}, **(config or {})},
        raise_on_error=False,
    )
    failures = [event for event in result.all_events if event.is_step_failure]
    skipped = [event.step_key for event in result.all_events if event.event_type_value == "STEP_SKIPPED"]
    if refusals_are_fine:
        failures = [event for event in failures if "AssetCheckFailed" not in str(event.step_failure_data.error.cls_name)]
    if skipped and not failures and not refusals_are_fine:
        raise PreauditError(
            f"{job} ended without {', '.join(str(step) for step in skipped)}: what they stand on was not built.",
            where=f"run {result.run_id}",
            remedy="Give the same command again with --full-refresh. `preaudit ui` shows the run.",
        )
    if not failures:
        return
    first = failures[0]
    error = first.step_failure_data.error
    while error.cause is not None:
        error = error.cause
    # An error of ours is a message already; only its type has to go.
    message = error.message.strip().removeprefix(f"{PreauditError.__module__}.{PreauditError.__name__}: ")
    raise PreauditError(
        f"The step {first.step_key} of {job} failed: {message}",
        where=f"run {result.run_id}",
        remedy="Mend the cause and give the same command again; what was finished is kept. `preaudit ui` shows the run.",
    )
