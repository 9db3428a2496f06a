"""The audit log: who did what, newest first; an auditor sees the days of the period.

Belongs here: the page. Does not: the chain (console/access/audit_log.py).
"""

import json
from datetime import UTC, datetime, time, timedelta

from fastapi import APIRouter, Request, Response
from sqlalchemy import select

from console.access.permissions import CurrentUser
from console.access.roles import Permission
from console.store.audit_log import Entry
from console.web.rendering import page, respond

router = APIRouter()
ROWS = 100


@page(router, "/audit-log", Permission.READ_AUDIT_LOG)
def audit_log_page(request: Request, user: CurrentUser, before: int | None = None, actor: str = "", action: str = "") -> Response:
    """A hundred rows, and the way to older ones."""
    query = select(Entry).order_by(Entry.sequence.desc()).limit(ROWS + 1)
    if before is not None:
        query = query.where(Entry.sequence < before)
    if actor:
        query = query.where(Entry.actor == actor)
    if action:
        query = query.where(Entry.action == action)
    if user.period.first is not None:
        query = query.where(Entry.at >= datetime.combine(user.period.first, time(), UTC))
    if user.period.last is not None:
        query = query.where(Entry.at < datetime.combine(user.period.last + timedelta(days=1), time(), UTC))
    with request.app.state.store.reading() as db:
        found = list(db.scalars(query))
    entries = [
        {
            "sequence": entry.sequence,
            "at": entry.at,
            "actor": entry.actor,
            "action": entry.action,
            "subject": entry.subject,
            "detail": json.loads(entry.detail),
            "sha256": entry.sha256,
        }
        for entry in found[:ROWS]
    ]
    older = entries[-1]["sequence"] if len(found) > ROWS else None
    data = {"entries": entries, "older": older, "actor": actor, "action": action, "period": user.period}
    return respond(request, "audit_log.html", data)
