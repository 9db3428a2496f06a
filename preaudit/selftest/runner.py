"""Runs the self-test: a copy of the warehouse, a violation of every control planted in it, one build, and who noticed.

Belongs here: the order of these steps and the verdict on each control. Does not: starting dbt, which the caller hands over
because only orchestration/ may; the rows of a violation (plants_*.py).
"""

import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from pathlib import Path

import duckdb

from expectations import contract
from preaudit import warehouse
from preaudit.selftest.plant import Planted
from preaudit.selftest.planting import SOURCE, known_feeds, plant, planters
from preaudit.settings import Settings

# An installation without a run has no day of its own. A fixed one keeps the result the same on every machine.
DAY_WITHOUT_DATA = date(2026, 3, 4)


class Outcome(StrEnum):
    """What became of a planted violation."""

    noticed = "noticed"
    not_noticed = "not noticed"
    not_evaluable = "not evaluable here"


@dataclass(frozen=True)
class Verdict:
    """What became of the violation of one control, and why where it was not noticed."""

    control_id: str
    outcome: Outcome
    reason: str = ""


@dataclass(frozen=True)
class SelfTest:
    """The verdict on every implemented control, for the day the violations were planted on."""

    day: date
    verdicts: tuple[Verdict, ...]

    @property
    def has_failed(self) -> bool:
        """A control did not notice its violation."""
        return any(verdict.outcome is Outcome.not_noticed for verdict in self.verdicts)


def run_selftest(settings: Settings, build: Callable[[Settings, date], None]) -> SelfTest:
    """Plant a violation of every control in a copy and see which controls notice.

    Args:
        settings: of the installation, whose warehouse is only copied.
        build: builds fct_failures and all it needs for one day, with the settings of the copy.

    Raises:
        PreauditError: the warehouse is held by a run, or the build failed.
    """
    settings.home.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="selftest-", dir=settings.home) as folder:
        # Views in the file name the database, which DuckDB calls after the file: the copy has to have the same name.
        copy = settings.model_copy(update={"home": Path(folder)})
        _copy(settings, copy)
        with warehouse.writing(copy) as con:
            last_day = _last_day(con)
            day = last_day + timedelta(days=1) if last_day else DAY_WITHOUT_DATA
            every_feed = frozenset(feed.name for feed in contract.feeds(SOURCE))
            feeds = known_feeds(con, last_day) if last_day else every_feed
            planted, unplanted = _grow(day)
            plant(con, planted.values(), feeds, day, settings.source_time_zone)
        build(copy, day)
        with warehouse.reading(copy) as con:
            verdicts = _judge(con, planted, unplanted, feeds, day)
    return SelfTest(day, verdicts)


def _copy(settings: Settings, copy: Settings) -> None:
    """Copy the warehouse if there is one; while it is open for reading no run can write to it."""
    if not settings.warehouse.exists():
        return
    with warehouse.reading(settings):
        for suffix in ("", ".wal"):
            file = settings.warehouse.with_name(settings.warehouse.name + suffix)
            if file.exists():
                shutil.copyfile(file, copy.warehouse.with_name(file.name))


def _last_day(con: duckdb.DuckDBPyConnection) -> date | None:
    rows = con.execute("select max(to_date) from ops.runs where ended_at is not null").fetchall()
    found: date | None = rows[0][0]
    return found


def _grow(day: date) -> tuple[dict[str, Planted], dict[str, str]]:
    """The violation per control, and why there is none where the user's own lists leave nothing to violate."""
    planted, unplanted = {}, {}
    for control, planter in planters().items():
        try:
            planted[control] = planter(day)
        except ValueError as error:
            unplanted[control] = str(error)
    return planted, unplanted


def _judge(
    con: duckdb.DuckDBPyConnection, planted: dict[str, Planted], unplanted: dict[str, str], feeds: frozenset[str], day: date
) -> tuple[Verdict, ...]:
    controls = con.execute(
        "select days.control_id, days.is_evaluable, days.status_reason from intermediate.int_controls__days as days "
        "inner join seeds.control_library as library on days.control_id = library.control_id and library.is_implemented "
        "where days.on_date = ? order by days.control_id",
        [day],
    ).fetchall()
    failed = set(
        con.execute(
            "select control_id, entity_kind, entity_id from marts.fct_failures "
            "where failed_on = ? and origin = 'control' and not is_waived",
            [day],
        ).fetchall()
    )
    verdicts = []
    for control, is_evaluable, status_reason in controls:
        violation = planted.get(control)
        if not is_evaluable:
            verdict = Verdict(control, Outcome.not_evaluable, status_reason)
        elif control in unplanted:
            verdict = Verdict(control, Outcome.not_evaluable, unplanted[control])
        elif violation is None:
            verdict = Verdict(control, Outcome.not_noticed, "no violation of it is written, so nothing shows that it detects any")
        elif (control, violation.entity_kind, violation.entity_id) in failed:
            verdict = Verdict(control, Outcome.noticed)
        else:
            verdict = _unnoticed(violation, feeds)
        verdicts.append(verdict)
    return tuple(verdicts)


def _unnoticed(violation: Planted, feeds: frozenset[str]) -> Verdict:
    """Not noticed, unless the violation needs a feed that this installation does not have."""
    missing = sorted({*(row.feed for row in violation.rows), *violation.also_needs} - feeds)
    if missing:
        reason = f"its violation shows in feeds that nobody delivers here: {', '.join(missing)}"
        return Verdict(violation.control_id, Outcome.not_evaluable, reason)
    entity = f"{violation.entity_kind} {violation.entity_id}"
    return Verdict(violation.control_id, Outcome.not_noticed, f"no failure of the {entity} was found")
