"""Decisions as a feed: one file for each day that is over, landing/console/<day>/decisions.csv.

Belongs here: which decisions stand in which file, and writing it. Does not: the feed's declaration (expectations/declared).
A day's file is written once and never changed: what is decided later belongs to a later day, and a waiver to the day of the yes.
Names of deciders and words they typed stay in the console.
"""

import csv
import io
import os
from collections import defaultdict
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import select

from console.decisions.rules import Kind
from console.store.database import Store
from console.store.decisions import Answer, Decision
from preaudit.identities import Identities, read_identities
from preaudit.settings import Settings

COLUMNS = (
    "decision_id", "entity_kind", "entity_id", "control_id", "kind", "decided_at", "as_of_on", "due_on", "expires_on",
    "action_kind", "reason_code",
)  # fmt: skip
SOURCE = "console"


def deliver(settings: Settings, store: Store, now: datetime) -> list[Path]:
    """Write the file of every day that is over, has decisions and has no file yet; returns the new ones.

    Raises:
        PreauditError: the true id of a decided agent is not known; nothing of that day was written.
    """
    zone = ZoneInfo(settings.source_time_zone)
    today = now.astimezone(zone).date()
    waiting = {day: rows for day, rows in _by_day(store, zone).items() if day < today and not _file(settings, day).exists()}
    if not waiting:
        return []
    identities = read_identities(settings)
    return [_write(settings, day, rows, identities, zone) for day, rows in sorted(waiting.items())]


def deliver_from_home(settings: Settings) -> list[Path]:
    """`deliver` with the store of this home folder, where a console was ever started on it; for runs and the command line.

    Raises:
        PreauditError: the store cannot be opened, or the true id of a decided agent is not known.
    """
    from console.store.opening import open_store

    if not settings.console_store.get_secret_value() and not (settings.console_home / "console.db").is_file():
        return []
    store = open_store(settings)
    try:
        return deliver(settings, store, datetime.now(UTC))
    finally:
        store.close()


def _by_day(store: Store, zone: ZoneInfo) -> dict[date, list[tuple[datetime, Decision]]]:
    """Decisions in force by the local day they came into force."""
    days: dict[date, list[tuple[datetime, Decision]]] = defaultdict(list)
    query = select(Decision, Answer).outerjoin(Answer, Answer.decision_id == Decision.decision_id)
    with store.reading() as db:
        for decision, answer in db.execute(query):
            if decision.kind == Kind.WAIVED and (answer is None or not answer.is_yes):
                continue
            in_force_at = answer.answered_at if answer else decision.decided_at
            days[in_force_at.astimezone(zone).date()].append((in_force_at, decision))
    return days


def _write(settings: Settings, day: date, rows: list[tuple[datetime, Decision]], identities: Identities, zone: ZoneInfo) -> Path:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for in_force_at, decision in sorted(rows, key=lambda row: (row[0], row[1].decision_id)):
        values = {name: getattr(decision, name) for name in COLUMNS}
        values["decided_at"] = in_force_at.astimezone(UTC).isoformat(timespec="seconds")
        if decision.entity_kind == "agent":
            values["entity_id"] = identities.true_id(decision.entity_id)
        writer.writerow(["" if values[name] is None else values[name] for name in COLUMNS])
    path = _file(settings, day)
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as file:
        file.write(text.getvalue())
        file.flush()
        os.fsync(file.fileno())
    # It is complete as of the day's end; a file that looks just written would wait for the next run (settle_seconds).
    ended = datetime.combine(day + timedelta(days=1), time(), zone).timestamp()
    os.utime(draft, (ended, ended))
    draft.replace(path)
    return path


def _file(settings: Settings, day: date) -> Path:
    return settings.landing / SOURCE / day.isoformat() / "decisions.csv"
