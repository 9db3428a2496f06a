"""What stands in a worker's own record: all that is published and kept about one agent, and nothing about anybody else.

Belongs here: collecting it. Does not: the link that opens it (links.py), what is contested (contests.py).
"""

import re
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from console.decisions import showing
from console.reading.entity import entity_page
from console.reading.not_found import NotFound
from console.reading.view import View
from console.reveals import reveals
from console.store.database import Store
from console.store.reveals import Reveal

# The feed contract's list of what is dropped at the door.
NEVER_USED = (
    "gender, ethnicity, religion, birth date or age, marital status",
    "health and reasons of leave",
    "pay",
    "free-text remarks and bodies of e-mails",
    "home address and national ids",
)
_PSEUDONYM = re.compile(r"\bA-[A-Z2-7]{10}\b")
_PUBLISHED = ("standing", "is_rule", "rule_note", "controls", "statuses", "history_chart", "weeks_chart")
_OF_ITEM = ("chance", "number", "has_enough_evidence", "reasons", "site", "client_id", "process_id", "process_name")
_OF_DECISION = ("decided_at", "kind", "control_id", "state", "action", "reason", "note", "due_on", "expires_on")


def is_held(view: View, store: Store, pseudonym: str) -> bool:
    """Whether anything is published or kept about an agent within the view."""
    try:
        entity_page(view, "agent", pseudonym)
    except NotFound:
        # Somebody who has left is not published any more, but people may have decided on them.
        return view.scope.is_everything and bool(showing.decisions_of(store, "agent", pseudonym, date.max))
    return True


def own_record(view: View, store: Store, pseudonym: str, now: datetime) -> dict[str, Any]:
    """The record. It names neither the pseudonym nor anybody who decided: both would say more than what is held about oneself."""
    published: dict[str, Any] | None
    try:
        page = entity_page(view, "agent", pseudonym)
    except NotFound:
        published = None
    else:
        item = page["item"]
        published = {key: page[key] for key in _PUBLISHED}
        published |= {"item": item and {key: item[key] for key in _OF_ITEM}, "failures": _failures(view, pseudonym)}
    decisions = showing.decisions_of(store, "agent", pseudonym, now.date())
    record = {
        "published": published,
        "decisions": [{key: getattr(told, key) for key in _OF_DECISION} for told in decisions],
        "reveals": _reveals(store, pseudonym, now),
        "never_used": list(NEVER_USED),
    }
    addressed: dict[str, Any] = _addressed(record, pseudonym)
    return addressed


def _addressed(value: Any, pseudonym: str) -> Any:
    """The same in words to the worker: sentences name agents by pseudonym, their own and others'."""
    if isinstance(value, str):
        return _PSEUDONYM.sub(lambda found: "you" if found[0] == pseudonym else "another agent", value)
    if isinstance(value, dict):
        return {key: _addressed(inner, pseudonym) for key, inner in value.items()}
    return [_addressed(inner, pseudonym) for inner in value] if isinstance(value, list) else value


def _failures(view: View, pseudonym: str) -> list[dict[str, Any]]:
    """All of them, where the page for others shows the latest."""
    names = dict(view.frame("controls").select("control_id", "name").iter_rows())
    found = view.of_entity("failures", "agent", pseudonym).sort("failed_on", "control_id", descending=[True, False])
    rows = found.select("failed_on", "control_id", "reason", "is_waived", "origin").to_dicts()
    return [row | {"name": names.get(row["control_id"])} for row in rows]


def _reveals(store: Store, pseudonym: str, now: datetime) -> list[dict[str, Any]]:
    query = select(Reveal).where(Reveal.pseudonym == pseudonym).order_by(Reveal.requested_at.desc())
    with store.reading() as db:
        found = list(db.scalars(query))
    return [{"requested_at": row.requested_at, "reason": row.reason, "state": reveals.state(row, now)} for row in found]
