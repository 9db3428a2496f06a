"""`preaudit run`, `preaudit demo` and `preaudit train`: the commands that make the pipeline run.

Belongs here: options and their checks. Does not: the order of work (runner.py) or what is printed at the end (console/report.py).
"""

import os
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated

import typer

from preaudit.errors import PreauditError
from preaudit.settings import REPOSITORY, Settings, get_settings

SAMPLE = REPOSITORY / "data" / "sample" / "landing"


def run_command(
    days: Annotated[
        list[datetime] | None,
        typer.Option("--date", formats=["%Y-%m-%d"], help="As-of day to run; give it again for several daily runs."),
    ] = None,
    first: Annotated[
        datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], help="First day of a range, run as one backfill.")
    ] = None,
    last: Annotated[datetime | None, typer.Option("--to", formats=["%Y-%m-%d"], help="Last day of the range.")] = None,
    source: Annotated[
        list[str] | None, typer.Option("--source", help="Source to ingest; all that have a folder if left out.")
    ] = None,
    landing: Annotated[Path | None, typer.Option("--landing", help="Folder of deliveries; PREAUDIT_LANDING if left out.")] = None,
    full_refresh: Annotated[bool, typer.Option("--full-refresh", help="Rebuild every table from raw for the range.")] = False,
    train: Annotated[
        bool | None,
        typer.Option("--train/--no-train", help="Train before scoring; by default only for a range of more than a week."),
    ] = None,
) -> None:
    """Run days: ingest, check, transform, score, publish. Without dates, all that waits: history as one load, then day by day."""
    windows = _windows([day.date() for day in days or []], first, last)
    settings = _settings(landing)
    from rich.console import Console

    from orchestration import runner
    from orchestration.landing import sources_in
    from orchestration.partitions import Window

    deliver_decisions(settings)
    sources = _sources(source) or sources_in(settings.landing)
    if not windows and not runner.catch_up(settings, sources):
        Console(stderr=True).print(f"Nothing new waits under {settings.landing}; this is the last published day again.")
    for window in windows:
        runner.run_window(settings, Window(*window), sources, full_refresh=full_refresh, train=train)
    _report(settings)


def demo_command() -> None:
    """The main job on the sample: the history as one load, then its last days as daily runs, and what came out."""
    os.environ["PREAUDIT_AUTO_PROMOTE"] = "true"
    settings = _settings(SAMPLE)
    from orchestration import runner

    runner.catch_up(settings, ["canonical"])
    _report(settings)


def train_command(
    quick: Annotated[
        bool, typer.Option("--quick", help="Headline horizon only: no challengers, no parameter search, no ablation.")
    ] = False,
) -> None:
    """Train the models of all horizons on what has matured, let the gate judge them, and publish the current day again."""
    from orchestration import runner
    from preaudit import snapshot

    settings = get_settings()
    runner.train_and_publish(settings, snapshot.read_current(settings).as_of_on, is_quick=quick)
    _report(settings)


def deliver_decisions(settings: Settings) -> None:
    """Have what people decided in the console delivered; a console in trouble keeps no control from being tested."""
    from rich.console import Console

    from console.decisions.delivery import deliver_from_home

    try:
        deliver_from_home(settings)
    except PreauditError as error:
        Console(stderr=True).print(
            f"Decisions of the console were not delivered, the run goes on without them: {error}", markup=False
        )


def _windows(days: list[date], first: datetime | None, last: datetime | None) -> list[tuple[date, date]]:
    if days and (first or last):
        raise PreauditError(
            "Give either --date or --from and --to.", remedy="Use --date for single days, --from/--to for one backfill."
        )
    if (first is None) != (last is None):
        raise PreauditError("A range needs both ends.", remedy="Give --from and --to.")
    if first and last:
        if first > last:
            raise PreauditError(
                f"The range ends before it starts: {first.date()} is after {last.date()}.", remedy="Swap --from and --to."
            )
        windows = [(first.date(), last.date())]
    else:
        windows = [(day, day) for day in days]
    today = datetime.now(UTC).date()
    if any(window[1] > today for window in windows):
        raise PreauditError(f"{max(window[1] for window in windows)} lies in the future.", remedy=f"Today is {today}.")
    return windows


def _sources(named: list[str] | None) -> list[str]:
    from expectations import contract

    unknown = sorted(set(named or []) - set(contract.sources()))
    if unknown:
        raise PreauditError(
            f"{', '.join(unknown)} is no source.", where="--source", remedy=f"Known: {', '.join(contract.sources())}."
        )
    return list(named or [])


def _settings(landing: Path | None) -> Settings:
    if landing is not None:
        os.environ["PREAUDIT_LANDING"] = str(landing.resolve())
    get_settings.cache_clear()
    return get_settings()


def _report(settings: Settings) -> None:
    from console import report
    from expectations.gate import open_docs

    open_docs(settings)
    report.print_report(settings)
