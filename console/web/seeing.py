"""The current snapshot for one request: what the person may see of it, and what every page says about it.

Belongs here: asking the reader once per request. Does not: any page's data (console/reading/).
"""

from collections.abc import Iterable, Mapping
from typing import Any

from fastapi import FastAPI, Request

from console.access.permissions import Permission, Person
from console.decisions.showing import Told, latest
from console.reading.current import SnapshotReader
from console.reading.facts import about
from console.reading.prepare import prepare
from console.reading.view import View, view
from preaudit.settings import Settings


def add_reader(app: FastAPI, settings: Settings) -> None:
    """Give the application its reader of snapshots; nothing is read before the first page asks."""
    app.state.reader = SnapshotReader(settings, (prepare,))


COLOURS = {
    "overdue": "bad",
    "refused": "bad",
    "waiting": "warn",
    "open": "warn",
    "expired": "warn",
    "done": "good",
    "agreed": "good",
}


def decided(request: Request, user: Person, items: Iterable[Mapping[str, Any]]) -> dict[str, dict[str, str]]:
    """The newest decision on each of these entities, by `kind/id`; of those only, as a twin must not tell of others."""
    if not user.may(Permission.READ_DECISIONS):
        return {}
    access = request.app.state.access
    told = latest(access.store, access.clock().date())
    keys = {(item["entity_kind"], item["entity_id"]) for item in items}
    return {f"{kind}/{name}": _status(told[kind, name]) for kind, name in sorted(keys & told.keys())}


def _status(told: Told) -> dict[str, str]:
    """'planned, overdue': what was decided and how that stands today; 'taken' adds nothing to the kind."""
    words = told.kind if told.state == "taken" else f"{told.kind}, {told.state}"
    return {"words": words, "state": COLOURS.get(told.state, ""), "due_on": told.due_on.isoformat() if told.due_on else ""}


def seen(request: Request, user: Person) -> tuple[View, dict[str, Any]]:
    """The snapshot within the person's scope, and the facts about it.

    Raises:
        PreauditError: nothing is published yet, or nothing published can be read.
    """
    reader: SnapshotReader = request.app.state.reader
    reading = reader.current()
    today = request.app.state.access.clock().date()
    return view(reading, user.scope), about(reading, reader.notices(reading), today)
