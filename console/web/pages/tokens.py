"""API tokens: the list, a new one, revoking one.

Belongs here: the admin's routes. Does not: what a token means (console/access/tokens.py).
"""

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse

from console.access import tokens
from console.access.access import Access
from console.access.permissions import CurrentUser, requires
from console.access.roles import Permission, Scope
from console.web.forms import names
from console.web.rendering import page, respond

router = APIRouter()
MANAGES = [requires(Permission.MANAGE_TOKENS)]
Text = Annotated[str, Form()]


@page(router, "/tokens", Permission.MANAGE_TOKENS)
def tokens_page(request: Request, user: CurrentUser) -> Response:
    """Every token, without its secret."""
    access: Access = request.app.state.access
    rows = [
        {
            "token_id": found.token_id,
            "name": found.name,
            "permissions": sorted(found.permissions),
            "clients": sorted(found.clients) if found.clients is not None else None,
            "sites": sorted(found.sites) if found.sites is not None else None,
            "made_by": found.made_by,
            "made_at": found.made_at,
            "expires_at": found.expires_at,
            "last_used_at": found.last_used_at,
            "state": "revoked" if found.revoked_at else "active" if access.clock() < found.expires_at else "expired",
        }
        for found in tokens.tokens(access)
    ]
    return respond(
        request, "tokens.html", {"tokens": rows, "grantable": sorted(tokens.GRANTABLE), "longest": tokens.LONGEST_DAYS}
    )


@router.post("/tokens", dependencies=MANAGES)
def token_made(
    request: Request,
    user: CurrentUser,
    name: Text,
    days: Annotated[int, Form()],
    permissions: Annotated[list[Permission], Form()],
    clients: Text = "",
    sites: Text = "",
) -> Response:
    """Make one; the page shows the secret, once."""
    scope = Scope(names(clients), names(sites))
    secret = tokens.make(request.app.state.access, user.name, name, frozenset(permissions), scope, days)
    return respond(request, "token.html", {"name": name.strip(), "secret": secret, "days": days})


@router.post("/tokens/{token_id}/revoke", dependencies=MANAGES)
def token_revoked(request: Request, user: CurrentUser, token_id: int) -> Response:
    """End one."""
    tokens.revoke(request.app.state.access, user.name, token_id)
    return RedirectResponse("/tokens", status_code=303)
