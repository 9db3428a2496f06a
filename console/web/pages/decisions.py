"""Decisions: what is open, what waits for a second person, the history of one entity, and taking one.

Belongs here: those routes. Does not: what a decision needs (console/decisions).
"""

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse

from console.access.access import Access
from console.access.permissions import CurrentUser, requires
from console.access.roles import Permission
from console.decisions import listed, showing
from console.decisions.rules import ACTIONS, REASONS, Kind, Proposal
from console.decisions.taking import answer, take
from console.own_records.contests import open_since
from console.web.cookies import own_address
from console.web.forms import day
from console.web.rendering import page, respond

router = APIRouter()
Text = Annotated[str, Form()]
LATEST = 100


@page(router, "/decisions", Permission.READ_DECISIONS)
def decisions_page(request: Request, user: CurrentUser) -> Response:
    """Overdue first, then what waits, what is open, and the latest of all."""
    access: Access = request.app.state.access
    told = showing.decisions(access.store, access.clock().date())
    if not user.scope.is_everything:
        mine = listed.in_scope(access.settings, user.scope)
        told = [row for row in told if (row.entity_kind, row.entity_id) in mine]
    by_state = {state: [row for row in told if row.state == state] for state in ("overdue", "waiting", "open")}
    return respond(request, "decisions.html", {**by_state, "latest": told[:LATEST], "total": len(told)})


@page(router, "/decisions/{entity_kind}/{entity_id}", Permission.READ_DECISIONS)
def entity_decisions_page(request: Request, user: CurrentUser, entity_kind: str, entity_id: str) -> Response:
    """The history of one entity, and the forms."""
    access: Access = request.app.state.access
    entity = listed.find(access.settings, user.scope, entity_kind, entity_id)
    history = showing.decisions_of(access.store, entity_kind, entity_id, access.clock().date())
    contested_at = open_since(access.store, entity_id) if entity_kind == "agent" else None
    data = {"entity": entity, "history": history, "contested_at": contested_at, "reasons": REASONS, "actions": ACTIONS}
    return respond(request, "entity_decisions.html", data | {"today": access.clock().date()})


@router.post("/decisions/{entity_kind}/{entity_id}", dependencies=[requires(Permission.DECIDE)])
def decision_taken(
    request: Request,
    user: CurrentUser,
    entity_kind: str,
    entity_id: str,
    kind: Annotated[Kind, Form()],
    control_id: Text = "",
    owner: Text = "",
    due_on: Text = "",
    expires_on: Text = "",
    action_kind: Text = "",
    reason_code: Text = "",
    note: Text = "",
    closes_id: Text = "",
    next: Text = "",
) -> Response:
    """Keep it, and go back to where it was taken."""
    proposal = Proposal(
        kind=kind,
        control_id=control_id or None,
        owner=owner.strip()[:200] or None,
        due_on=day(due_on),
        expires_on=day(expires_on),
        action_kind=action_kind or None,
        reason_code=reason_code or None,
        note=note.strip() or None,
        closes_id=closes_id or None,
    )
    take(request.app.state.access, user, entity_kind, entity_id, proposal)
    return RedirectResponse(own_address(next or f"/decisions/{entity_kind}/{entity_id}"), status_code=303)


@router.post("/waivers/{decision_id}", dependencies=[requires(Permission.APPROVE_WAIVERS)])
def waiver_answered(
    request: Request, user: CurrentUser, decision_id: str, is_yes: Annotated[bool, Form()], note: Text = ""
) -> Response:
    """The second person's yes or no."""
    answer(request.app.state.access, user, decision_id, is_yes=is_yes, note=note.strip() or None)
    return RedirectResponse("/decisions", status_code=303)
