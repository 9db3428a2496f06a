"""Which decision needs what.

Belongs here: kinds, reasons, kinds of action, and the checks before a decision is kept. Does not: keeping it (taking.py).
"""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from preaudit.errors import PreauditError

LONGEST_WAIVER = timedelta(days=365)  # an exception is looked at again within a year at the latest
LONGEST_NOTE = 2000


class Kind(StrEnum):
    """What can be decided; the words of the feed."""

    ACKNOWLEDGED = "acknowledged"
    PLANNED = "planned"
    ACTED = "acted"
    WAIVED = "waived"
    DISMISSED = "dismissed"
    ESCALATED = "escalated"


REASONS = {
    "data_error": "the data is wrong",
    "compensating_control": "another control covers it",
    "accepted_risk": "the risk is accepted",
    "already_handled": "it is being handled already",
    "out_of_scope": "the control does not apply here",
    "no_longer_here": "the agent or process is leaving",
}
ACTIONS = {
    "training": "training",
    "coaching": "coaching",
    "access_change": "change of access",
    "schedule_change": "change of schedule",
    "process_change": "change of the process",
    "system_fix": "repair of a system",
    "data_fix": "correction of the data",
    "investigation": "investigation",
    "other": "something else",
}


class Incomplete(PreauditError):
    """Something that the decision needs is missing or wrong."""

    status = 422


@dataclass(frozen=True)
class Proposal:
    """A decision as somebody sent it; what its kind does not need is None.

    Args:
        kind: what is decided.
        control_id: the control it is about; None = the entity as a whole.
        owner: who does the action, or who it is escalated to.
        due_on: day the action is due.
        expires_on: last day of the waiver.
        action_kind: a key of `ACTIONS`.
        reason_code: a key of `REASONS`.
        note: in words; stays in the console, never delivered.
        closes_id: the planned action that was done.
    """

    kind: Kind
    control_id: str | None = None
    owner: str | None = None
    due_on: date | None = None
    expires_on: date | None = None
    action_kind: str | None = None
    reason_code: str | None = None
    note: str | None = None
    closes_id: str | None = None


def check(proposal: Proposal, today: date) -> None:
    """Refuse a decision that lacks what its kind needs.

    Raises:
        Incomplete: names what is missing or wrong.
    """
    if proposal.note and len(proposal.note) > LONGEST_NOTE:
        raise Incomplete(f"The note has {len(proposal.note)} characters; {LONGEST_NOTE} are the most.")
    if proposal.action_kind is not None and proposal.action_kind not in ACTIONS:
        raise Incomplete("There is no such kind of action.")
    if proposal.reason_code is not None and proposal.reason_code not in REASONS:
        raise Incomplete("There is no such reason.")
    missing = [words for name, words in _NEEDS[proposal.kind].items() if not getattr(proposal, name)]
    if missing:
        raise Incomplete(f"This needs {' and '.join(missing)}.")
    if proposal.kind is Kind.PLANNED and proposal.due_on is not None and proposal.due_on < today:
        raise Incomplete("The action would be due in the past.")
    if proposal.kind is Kind.WAIVED and proposal.expires_on is not None:
        if proposal.expires_on <= today:
            raise Incomplete("The waiver would have expired already.")
        if proposal.expires_on > today + LONGEST_WAIVER:
            raise Incomplete("A waiver holds for a year at the most.")


_NEEDS: dict[Kind, dict[str, str]] = {
    Kind.ACKNOWLEDGED: {},
    Kind.PLANNED: {"action_kind": "a kind of action", "owner": "an owner", "due_on": "a due date"},
    Kind.ACTED: {"closes_id": "the planned action that was done"},
    Kind.WAIVED: {"control_id": "a control", "reason_code": "a reason", "note": "an explanation", "expires_on": "an expiry"},
    Kind.DISMISSED: {"reason_code": "a reason"},
    Kind.ESCALATED: {"owner": "somebody to escalate it to"},
}
