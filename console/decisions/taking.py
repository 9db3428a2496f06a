"""Taking a decision, and the second person's answer to a waiver. Both are added to the history and to the audit log at once.

Belongs here: writing them. Does not: what a decision needs (rules.py), its state today (showing.py).
"""

import uuid

from sqlalchemy import select
from sqlalchemy.orm import Session

from console.access import audit_log
from console.access.access import Access
from console.access.permissions import Denied
from console.access.roles import Person
from console.decisions import listed
from console.decisions.rules import Incomplete, Kind, Proposal, check
from console.store.decisions import Answer, Decision
from preaudit.errors import PreauditError


def take(access: Access, person: Person, entity_kind: str, entity_id: str, proposal: Proposal) -> str:
    """Keep a decision; returns its id. A waiver holds only after a second person's yes.

    Raises:
        NotListed: there is no such entity for this person.
        Incomplete: something that the decision needs is missing or wrong.
    """
    now = access.clock()
    entity = listed.find(access.settings, person.scope, entity_kind, entity_id)
    check(proposal, now.date())
    if proposal.control_id is not None and proposal.control_id not in entity.controls:
        raise Incomplete("That control does not judge this entity.")
    decision = Decision(
        decision_id=str(uuid.uuid4()),
        entity_kind=entity.entity_kind,
        entity_id=entity.entity_id,
        control_id=proposal.control_id,
        kind=proposal.kind,
        decided_by=person.name,
        decided_at=now,
        as_of_on=entity.as_of_on,
        rank=entity.rank,
        is_listed=entity.is_listed,
        owner=proposal.owner,
        due_on=proposal.due_on,
        expires_on=proposal.expires_on,
        action_kind=proposal.action_kind,
        reason_code=proposal.reason_code,
        note=proposal.note,
        closes_id=proposal.closes_id,
    )
    with access.store.writing() as db:
        if proposal.kind is Kind.ACTED:
            plan = _open_plan(db, decision)
            decision.control_id, decision.action_kind = plan.control_id, plan.action_kind
        db.add(decision)
        audit_log.append(
            db,
            now,
            person.name,
            f"decided_{proposal.kind.value}",
            f"{entity.entity_kind} {entity.entity_id}",
            decision_id=decision.decision_id,
            control_id=decision.control_id,
        )
        return decision.decision_id


def answer(access: Access, person: Person, decision_id: str, *, is_yes: bool, note: str | None) -> Decision:
    """The second person's answer to a waiver.

    Raises:
        PreauditError: there is no such waiver, or it was answered already.
        Denied: the person asked for the waiver.
    """
    now = access.clock()
    with access.store.writing() as db:
        decision = db.get(Decision, decision_id)
        if decision is None or decision.kind != Kind.WAIVED:
            raise listed.NotListed("There is no such waiver.")
        # Looked up again: a person may not answer for what the scope does not hold.
        listed.find(access.settings, person.scope, decision.entity_kind, decision.entity_id)
        if decision.decided_by == person.name:
            raise Denied("A second person has to answer: you asked for this waiver.")
        if db.get(Answer, decision_id) is not None:
            raise PreauditError("This waiver was answered already.")
        if not is_yes and not note:
            raise Incomplete("A no needs a reason.")
        db.add(Answer(decision_id=decision_id, answered_by=person.name, answered_at=now, is_yes=is_yes, note=note))
        audit_log.append(
            db,
            now,
            person.name,
            "waiver_agreed" if is_yes else "waiver_refused",
            f"{decision.entity_kind} {decision.entity_id}",
            decision_id=decision_id,
            control_id=decision.control_id,
        )
        return decision


def _open_plan(db: Session, done: Decision) -> Decision:
    plan = db.get(Decision, done.closes_id) if done.closes_id else None
    if plan is None or plan.kind != Kind.PLANNED or (plan.entity_kind, plan.entity_id) != (done.entity_kind, done.entity_id):
        raise Incomplete("There is no such planned action.")
    if db.scalars(select(Decision).where(Decision.closes_id == plan.decision_id)).first() is not None:
        raise PreauditError("This action is done already.")
    return plan
