"""The audit log: appending to the chain, and finding any change in it.

Belongs here: hashing and verification. Does not: what is worth an entry (whoever does it says so), noting the head outside of the
database (console/store/opening.py), the page (console/web/pages/audit_log.py).
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from console.store.audit_log import Entry
from console.store.database import Store
from console.store.opening import HEAD

FIRST = "0" * 64  # what the first row has for the hash of the row before


def append(db: Session, now: datetime, actor: str, action: str, subject: str = "", **detail: Any) -> None:
    """Add one row in the caller's transaction, so that what was done and its entry stand or fall together."""
    if db.get_bind().dialect.name != "sqlite":
        # SQLite holds the write lock already; elsewhere two writers could read the same last row.
        db.execute(text("lock table audit_log in exclusive mode"))
    last = db.scalars(select(Entry).order_by(Entry.sequence.desc()).limit(1)).first()
    entry = Entry(
        sequence=last.sequence + 1 if last else 1,
        at=now,
        actor=actor,
        action=action,
        subject=subject,
        detail=json.dumps(detail, sort_keys=True, ensure_ascii=False, default=str),
        previous_sha256=last.sha256 if last else FIRST,
    )
    entry.sha256 = row_hash(entry)
    db.add(entry)
    db.flush()
    db.info["audit_head"] = (entry.sequence, entry.sha256)


def row_hash(entry: Entry) -> str:
    """SHA-256 over every column of the row, the hash of the row before included."""
    told = [entry.sequence, entry.at.isoformat(timespec="microseconds"), entry.actor, entry.action, entry.subject, entry.detail]
    return hashlib.sha256(json.dumps([*told, entry.previous_sha256], ensure_ascii=False).encode()).hexdigest()


@dataclass(frozen=True)
class Verdict:
    """What verification found.

    Args:
        rows: rows that were read.
        head: hash of the last one; noted elsewhere, it proves later that nothing before it changed.
        problems: one sentence each; empty where the chain holds.
    """

    rows: int
    head: str
    problems: tuple[str, ...]


def verify(store: Store, folder: Path, expected: str = "") -> Verdict:
    """Read the whole log and prove the chain.

    Args:
        store: where the log is.
        folder: where the head is noted.
        expected: a hash noted earlier, which must still be in the chain.
    """
    hashes: dict[str, int] = {FIRST: 0}
    problems = []
    previous, count = FIRST, 0
    for entry in _rows(store):
        count += 1
        if entry.sequence != count:
            problems.append(f"Row {count} is missing: row {entry.sequence} follows row {count - 1}.")
            count = entry.sequence
        if entry.previous_sha256 != previous:
            problems.append(f"Row {entry.sequence} does not follow from the row before it.")
        if row_hash(entry) != entry.sha256:
            problems.append(f"Row {entry.sequence} was changed.")
        previous = entry.sha256
        hashes[previous] = entry.sequence
    problems += _missing_heads(folder, hashes, expected)
    return Verdict(len(hashes) - 1, previous, tuple(problems))


def _missing_heads(folder: Path, hashes: dict[str, int], expected: str) -> Iterator[str]:
    if expected and expected not in hashes:
        yield f"The hash noted earlier, {expected}, is not in the log."
    noted = folder / HEAD
    words = noted.read_text(encoding="ascii").split() if noted.is_file() else ["0", FIRST]
    if len(words) != 2:
        yield f"{noted.name} is damaged."
    elif hashes.get(words[1]) != int(words[0]):
        yield f"The log once ended with row {words[0]}, which is gone or changed."
    elif not noted.is_file() and len(hashes) > 1:
        yield f"{noted.name} is gone, so rows cut off at the end would not be missed."


def _rows(store: Store) -> Iterator[Entry]:
    with store.reading() as db:
        yield from db.scalars(select(Entry).order_by(Entry.sequence).execution_options(yield_per=1000))
