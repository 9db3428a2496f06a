"""The current snapshot for one request: what the person may see of it, and what every page says about it.

Belongs here: asking the reader once per request. Does not: any page's data (console/reading/).
"""

from typing import Any

from fastapi import FastAPI, Request

from console.access.permissions import Person
from console.reading.current import SnapshotReader
from console.reading.facts import about
from console.reading.prepare import prepare
from console.reading.view import View, view
from preaudit.settings import Settings


def add_reader(app: FastAPI, settings: Settings) -> None:
    """Give the application its reader of snapshots; nothing is read before the first page asks."""
    app.state.reader = SnapshotReader(settings, (prepare,))


def seen(request: Request, user: Person) -> tuple[View, dict[str, Any]]:
    """The snapshot within the person's scope, and the facts about it.

    Raises:
        PreauditError: nothing is published yet, or nothing published can be read.
    """
    reader: SnapshotReader = request.app.state.reader
    reading = reader.current()
    today = request.app.state.access.clock().date()
    return view(reading, user.scope), about(reading, reader.notices(reading), today)
