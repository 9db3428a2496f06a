"""Reveals: asking who an agent is, answering as the second person, and reading the id.

Belongs here: those routes. Does not: when an id may be read (console/reveals).
"""

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse

from console.access.access import Access
from console.access.permissions import CurrentUser, requires
from console.access.roles import Permission
from console.reveals import reveals
from console.web.rendering import page, respond

router = APIRouter()
Text = Annotated[str, Form()]


@page(router, "/reveals", Permission.REQUEST_REVEALS)
def reveals_page(request: Request, user: CurrentUser, pseudonym: str = "") -> Response:
    """One's own requests; for who answers, everybody's."""
    access: Access = request.app.state.access
    rows = [
        {
            "reveal_id": found.reveal_id,
            "pseudonym": found.pseudonym,
            "requested_by": found.requested_by,
            "requested_at": found.requested_at,
            "reason": found.reason,
            "state": reveals.state(found, access.clock()),
            "answered_by": found.answered_by,
            "answered_at": found.answered_at,
            "answer_note": found.answer_note,
            "expires_at": found.expires_at,
        }
        for found in reveals.reveals(access)
        if found.requested_by == user.name or user.may(Permission.APPROVE_REVEALS)
    ]
    return respond(request, "reveals.html", {"reveals": rows, "pseudonym": pseudonym})


@router.post("/reveals", dependencies=[requires(Permission.REQUEST_REVEALS)])
def reveal_requested(request: Request, user: CurrentUser, pseudonym: Text, reason: Text) -> Response:
    """Ask."""
    reveals.ask(request.app.state.access, user, pseudonym, reason)
    return RedirectResponse("/reveals", status_code=303)


@router.post("/reveals/{reveal_id}/answer", dependencies=[requires(Permission.APPROVE_REVEALS)])
def reveal_answered(
    request: Request, user: CurrentUser, reveal_id: str, is_agreed: Annotated[bool, Form()], note: Text = ""
) -> Response:
    """The second person's yes or no."""
    reveals.answer(request.app.state.access, user, reveal_id, is_agreed=is_agreed, note=note)
    return RedirectResponse("/reveals", status_code=303)


# A form, not a link: a look is written down, and nothing that follows links should take one.
@router.post("/reveals/{reveal_id}", dependencies=[requires(Permission.REQUEST_REVEALS)])
def reveal_read(request: Request, user: CurrentUser, reveal_id: str) -> Response:
    """The true id, once more in the audit log."""
    reveal, true_id = reveals.read(request.app.state.access, user, reveal_id)
    data = {"pseudonym": reveal.pseudonym, "true_id": true_id, "reason": reveal.reason, "expires_at": reveal.expires_at}
    return respond(request, "reveal.html", data)
