"""Asking for a true id, the second person's answer, and reading it.

Belongs here: the three steps, each in the audit log. Does not: who may take them (console/access/roles.py).
"""

import re
import uuid
from datetime import datetime, timedelta

from sqlalchemy import select

from console.access import audit_log
from console.access.access import Access
from console.access.permissions import Denied
from console.access.roles import Person
from console.decisions import listed
from console.store.reveals import Reveal
from preaudit.errors import PreauditError
from preaudit.identities import read_identities

PSEUDONYM = re.compile(r"A-[A-Z2-7]{10}")
SHORTEST_REASON = 10  # a word is no reason
LONGEST_REASON = 1000


class Refused(PreauditError):
    """The request lacks something, or is past the point where it could be answered or read."""

    status = 422


def ask(access: Access, person: Person, pseudonym: str, reason: str) -> str:
    """Ask for the true id of an agent; returns the request's id.

    Raises:
        NotListed: there is no such agent in the person's scope.
        Refused: it is no pseudonym, or the reason is too short or too long.
    """
    pseudonym, reason = pseudonym.strip().upper(), reason.strip()
    if not PSEUDONYM.fullmatch(pseudonym):
        raise Refused("That is no pseudonym.", remedy="It looks like A-ABCDEFGHIJ.")
    if not SHORTEST_REASON <= len(reason) <= LONGEST_REASON:
        raise Refused(f"The reason has {len(reason)} characters; it needs {SHORTEST_REASON} to {LONGEST_REASON}.")
    listed.find(access.settings, person.scope, "agent", pseudonym)
    now = access.clock()
    reveal = Reveal(reveal_id=str(uuid.uuid4()), pseudonym=pseudonym, requested_by=person.name, requested_at=now, reason=reason)
    with access.store.writing() as db:
        db.add(reveal)
        audit_log.append(db, now, person.name, "reveal_requested", pseudonym, reveal_id=reveal.reveal_id, reason=reason)
        return reveal.reveal_id


def answer(access: Access, person: Person, reveal_id: str, *, is_agreed: bool, note: str) -> None:
    """The second person's answer; a yes can be read by who asked, until it expires.

    Raises:
        Denied: the person asked for it.
        Refused: it was answered already, there is no such request, or a no has no reason.
    """
    now = access.clock()
    with access.store.writing() as db:
        reveal = db.get(Reveal, reveal_id)
        if reveal is None or reveal.answered_at is not None:
            raise Refused("There is no such request, or it was answered already.")
        if reveal.requested_by == person.name:
            raise Denied("A second person has to answer: you asked for this.")
        if not is_agreed and not note.strip():
            raise Refused("A no needs a reason.")
        reveal.answered_by, reveal.answered_at, reveal.is_agreed = person.name, now, is_agreed
        reveal.answer_note = note.strip()[:LONGEST_REASON] or None
        reveal.expires_at = now + timedelta(hours=access.settings.console_reveal_hours) if is_agreed else None
        action = "reveal_agreed" if is_agreed else "reveal_refused"
        audit_log.append(db, now, person.name, action, reveal.pseudonym, reveal_id=reveal_id, note=reveal.answer_note)


def read(access: Access, person: Person, reveal_id: str) -> tuple[Reveal, str]:
    """The true id; only for who asked, only while the yes holds, and every look is in the audit log.

    Raises:
        Refused: it was not agreed, expired, or is somebody else's.
        PreauditError: the identities cannot be read.
    """
    now = access.clock()
    with access.store.writing() as db:
        reveal = db.get(Reveal, reveal_id)
        if reveal is None or reveal.requested_by != person.name or state(reveal, now) != "agreed":
            raise Refused("This was not agreed to for you, or it has expired.")
        # The entry is written first: no true id is shown whose showing could not be logged.
        audit_log.append(db, now, person.name, "revealed", reveal.pseudonym, reveal_id=reveal_id)
    return reveal, read_identities(access.settings).true_id(reveal.pseudonym)


def reveals(access: Access) -> list[Reveal]:
    """Every request, newest first."""
    with access.store.reading() as db:
        return list(db.scalars(select(Reveal).order_by(Reveal.requested_at.desc(), Reveal.reveal_id)))


def state(reveal: Reveal, now: datetime) -> str:
    """Waiting, refused, agreed or expired."""
    if reveal.is_agreed is None:
        return "waiting"
    if not reveal.is_agreed:
        return "refused"
    return "agreed" if reveal.expires_at is not None and now < reveal.expires_at else "expired"
