"""Decisions as people read them: the history of one entity, what is open, what is overdue, what waits for a second person.

Belongs here: the state of a decision today. Does not: taking one (taking.py), layout (console/web/templates).
"""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import aliased

from console.decisions.rules import ACTIONS, REASONS, Kind
from console.store.database import Store
from console.store.decisions import Answer, Decision


@dataclass(frozen=True)
class Told:
    """One decision with its state: taken, open, overdue, done, waiting, agreed, refused or expired."""

    decision_id: str
    entity_kind: str
    entity_id: str
    control_id: str | None
    kind: str
    state: str
    decided_by: str
    decided_at: datetime
    as_of_on: date
    rank: int | None
    owner: str | None
    due_on: date | None
    expires_on: date | None
    action: str | None
    reason: str | None
    note: str | None
    answered_by: str | None
    answered_at: datetime | None
    answer_note: str | None


def decisions_of(store: Store, entity_kind: str, entity_id: str, today: date) -> list[Told]:
    """The whole history of one entity, newest first."""
    return _read(store, today, Decision.entity_kind == entity_kind, Decision.entity_id == entity_id)


def decisions(store: Store, today: date) -> list[Told]:
    """Every decision, newest first."""
    return _read(store, today)


def latest(store: Store, today: date) -> dict[tuple[str, str], Told]:
    """The newest decision of each entity, by kind and id: for a column of a list."""
    found: dict[tuple[str, str], Told] = {}
    for told in _read(store, today):
        found.setdefault((told.entity_kind, told.entity_id), told)
    return found


def _read(store: Store, today: date, *conditions: ColumnElement[bool]) -> list[Told]:
    done = aliased(Decision)
    query = (
        select(Decision, Answer, done.decided_at)
        .outerjoin(Answer, Answer.decision_id == Decision.decision_id)
        .outerjoin(done, done.closes_id == Decision.decision_id)
        .where(*conditions)
        .order_by(Decision.decided_at.desc(), Decision.decision_id)
    )
    with store.reading() as db:
        return [_told(decision, answer, done_at, today) for decision, answer, done_at in db.execute(query)]


def _told(decision: Decision, answer: Answer | None, done_at: datetime | None, today: date) -> Told:
    return Told(
        decision_id=decision.decision_id,
        entity_kind=decision.entity_kind,
        entity_id=decision.entity_id,
        control_id=decision.control_id,
        kind=decision.kind,
        state=_state(decision, answer, done_at, today),
        decided_by=decision.decided_by,
        decided_at=decision.decided_at,
        as_of_on=decision.as_of_on,
        rank=decision.rank,
        owner=decision.owner,
        due_on=decision.due_on,
        expires_on=decision.expires_on,
        action=ACTIONS.get(decision.action_kind or ""),
        reason=REASONS.get(decision.reason_code or ""),
        note=decision.note,
        answered_by=answer.answered_by if answer else None,
        answered_at=answer.answered_at if answer else None,
        answer_note=answer.note if answer else None,
    )


def _state(decision: Decision, answer: Answer | None, done_at: datetime | None, today: date) -> str:
    if decision.kind == Kind.PLANNED:
        if done_at is not None:
            return "done"
        return "overdue" if decision.due_on is not None and decision.due_on < today else "open"
    if decision.kind == Kind.WAIVED:
        if answer is None:
            return "waiting"
        if not answer.is_yes:
            return "refused"
        return "expired" if decision.expires_on is not None and decision.expires_on < today else "agreed"
    return "taken"
