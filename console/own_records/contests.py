"""Contests: what a worker says is wrong in their own record, and the privacy officer's answer.

Belongs here: making one, answering it, what is open. Does not: changing data, which the source that delivered it does.
"""

import uuid
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func, select

from console.access import audit_log
from console.access.access import Access
from console.access.roles import Person
from console.own_records.links import BY_LINK
from console.store.database import Store
from console.store.own_records import Contest, RecordLink
from preaudit.errors import PreauditError

SHORTEST = 10
LONGEST = 4000
MOST_OPEN = 5  # unanswered ones of one worker: a link that got into wrong hands cannot fill the store
ANSWER_WITHIN = timedelta(days=30)  # GDPR article 12(3): one month
OUTCOMES = {
    "corrected": "agreed: it will be corrected",
    "partly_corrected": "agreed in part",
    "stands": "looked at: it stands",
}


class Refused(PreauditError):
    """The contest or the answer lacks something."""

    status = 422


@dataclass(frozen=True)
class Told:
    """One contest as its worker reads it."""

    contest_id: str
    control_id: str | None
    statement: str
    made_at: datetime
    answer_by: date
    outcome: str | None
    answer: str | None
    answered_at: datetime | None


def contest(access: Access, link: RecordLink, control_id: str, statement: str) -> None:
    """Keep what a worker contests.

    Raises:
        Refused: it is too short or too long, or too many wait for an answer already.
    """
    statement, now = statement.strip(), access.clock()
    if not SHORTEST <= len(statement) <= LONGEST:
        raise Refused(f"Your words have {len(statement)} characters; they need {SHORTEST} to {LONGEST}.")
    with access.store.writing() as db:
        waiting = select(func.count()).where(Contest.pseudonym == link.pseudonym, Contest.answered_at.is_(None))
        if (db.scalar(waiting) or 0) >= MOST_OPEN:
            raise Refused(f"{MOST_OPEN} things you contested wait for an answer.", remedy="Send it when one is answered.")
        made = Contest(
            contest_id=str(uuid.uuid4()),
            link_id=link.link_id,
            pseudonym=link.pseudonym,
            control_id=control_id.strip()[:20] or None,
            statement=statement,
            made_at=now,
        )
        db.add(made)
        audit_log.append(db, now, BY_LINK, "contested", made.contest_id, link_id=link.link_id)


def answer(access: Access, officer: Person, contest_id: str, outcome: str, words: str) -> None:
    """The answer; it is given once.

    Raises:
        Refused: there is no such contest or it is answered, the outcome is none of ours, or nothing is said.
    """
    words, now = words.strip(), access.clock()
    if outcome not in OUTCOMES or not SHORTEST <= len(words) <= LONGEST:
        raise Refused(f"An answer has an outcome and {SHORTEST} to {LONGEST} characters of reasons.")
    with access.store.writing() as db:
        found = db.get(Contest, contest_id)
        if found is None or found.answered_at is not None:
            raise Refused("There is no such contest, or it was answered already.")
        found.outcome, found.answer, found.answered_by, found.answered_at = outcome, words, officer.name, now
        audit_log.append(db, now, officer.name, "contest_answered", contest_id, outcome=outcome)


def of_agent(store: Store, pseudonym: str) -> list[Told]:
    """What one worker contested, newest first."""
    with store.reading() as db:
        return [_told(row) for row in db.scalars(select(Contest).where(Contest.pseudonym == pseudonym).order_by(*_NEWEST))]


def all_contests(store: Store) -> list[dict[str, Any]]:
    """Every contest as the privacy officer reads it, those that wait first."""
    with store.reading() as db:
        rows = list(db.scalars(select(Contest).order_by(Contest.answered_at.is_not(None), *_NEWEST)))
    return [{**asdict(_told(row)), "pseudonym": row.pseudonym, "answered_by": row.answered_by} for row in rows]


def open_since(store: Store, pseudonym: str) -> datetime | None:
    """When the oldest unanswered contest of an agent was made; None where nothing waits."""
    with store.reading() as db:
        return db.scalar(
            select(Contest.made_at)
            .where(Contest.pseudonym == pseudonym, Contest.answered_at.is_(None))
            .order_by(Contest.made_at)
            .limit(1)
        )


_NEWEST = (Contest.made_at.desc(), Contest.contest_id)


def _told(row: Contest) -> Told:
    return Told(
        contest_id=row.contest_id,
        control_id=row.control_id,
        statement=row.statement,
        made_at=row.made_at,
        answer_by=(row.made_at + ANSWER_WITHIN).date(),
        outcome=OUTCOMES.get(row.outcome or ""),
        answer=row.answer,
        answered_at=row.answered_at,
    )
