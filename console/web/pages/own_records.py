"""Links to workers' own records, and answers to what they contest: the privacy officer's page.

Belongs here: those routes. Does not: the record itself (own_record.py), rules (console/own_records).
"""

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse

from console.access.access import Access
from console.access.permissions import CurrentUser, requires
from console.access.roles import Permission
from console.own_records import contests, links
from console.web.cookies import base_address
from console.web.rendering import page, respond
from console.web.seeing import seen

router = APIRouter()
ISSUES = [requires(Permission.ISSUE_OWN_RECORDS)]
Text = Annotated[str, Form()]


@page(router, "/own-records", Permission.ISSUE_OWN_RECORDS)
def own_records_page(request: Request, user: CurrentUser) -> Response:
    """What is contested, then the links. A link is named by its number, not by whose it is."""
    access: Access = request.app.state.access
    rows = [
        {
            "link_id": link.link_id,
            "issued_by": link.issued_by,
            "issued_at": link.issued_at,
            "expires_at": link.expires_at,
            "opened_at": link.opened_at,
            "state": links.state(link, access.clock()),
        }
        for link in links.links(access)
    ]
    data = {"links": rows, "contests": contests.all_contests(access.store), "outcomes": contests.OUTCOMES}
    return respond(request, "own_records.html", data | {"today": access.clock().date()})


@router.post("/own-records", dependencies=ISSUES)
def own_record_issued(request: Request, user: CurrentUser, worker_id: Text) -> Response:
    """A new link; the page shows it, once."""
    access: Access = request.app.state.access
    view, _ = seen(request, user)
    token = links.issue(access, user, view, worker_id)
    address = f"{base_address(request)}/own-record/{token}"
    return respond(request, "own_record_link.html", {"address": address, "days": access.settings.console_record_days})


@router.post("/own-records/{link_id}/revoke", dependencies=ISSUES)
def own_record_revoked(request: Request, user: CurrentUser, link_id: str) -> Response:
    """End one."""
    links.revoke(request.app.state.access, user, link_id)
    return RedirectResponse("/own-records", status_code=303)


@router.post("/own-records/contests/{contest_id}", dependencies=ISSUES)
def contest_answered(request: Request, user: CurrentUser, contest_id: str, outcome: Text, words: Text) -> Response:
    """The answer, which the worker reads under the same link."""
    contests.answer(request.app.state.access, user, contest_id, outcome, words)
    return RedirectResponse("/own-records", status_code=303)
