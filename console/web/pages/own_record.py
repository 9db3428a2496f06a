"""A worker's own record, opened by a link and without an account, and contesting it.

Belongs here: those routes. Does not: what the record holds (console/own_records), issuing links (own_records.py).
"""

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse

from console.access.access import Access
from console.access.permissions import requires
from console.access.roles import Permission, Scope
from console.own_records import contests, links
from console.own_records.record import own_record
from console.reading.facts import about
from console.reading.view import view
from console.web.rendering import page, respond

router = APIRouter()


@page(router, "/own-record/{token}", Permission.PUBLIC)
def own_record_page(request: Request, token: str) -> Response:
    """The record; each look is in the audit log."""
    access: Access = request.app.state.access
    link = links.find(access, token)
    reader = request.app.state.reader
    reading = reader.current()
    data = own_record(view(reading, Scope()), access.store, link.pseudonym, access.clock())
    # Before it is shown: no record is read whose reading could not be logged.
    links.note_opened(access, link)
    rows = contests.of_agent(access.store, link.pseudonym)
    return respond(
        request,
        "own_record.html",
        {
            "about": about(reading, reader.notices(reading), access.clock().date()),
            "until": link.expires_at,
            **data,
            "contests": rows,
            "shortest": contests.SHORTEST,
            "longest": contests.LONGEST,
        },
    )


@router.post("/own-record/{token}/contest", dependencies=[requires(Permission.PUBLIC)])
def contested(
    request: Request, token: str, statement: Annotated[str, Form()], control_id: Annotated[str, Form()] = ""
) -> Response:
    """Keep it, and show the record again."""
    access: Access = request.app.state.access
    contests.contest(access, links.find(access, token), control_id, statement)
    return RedirectResponse(f"/own-record/{token}#contests", status_code=303)
