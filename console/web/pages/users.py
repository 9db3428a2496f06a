"""Users: the list, a new one, changing one, a new link.

Belongs here: the admin's routes. Does not: what a change means (console/access/users.py).
"""

from typing import Annotated, Any

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse

from console.access import audit_log, links
from console.access import users as accounts
from console.access.access import Access
from console.access.permissions import CurrentUser, requires
from console.access.roles import Permission, Role
from console.access.users import Grant
from console.store.users import User
from console.web.cookies import base_address
from console.web.forms import day, names
from console.web.rendering import page, respond

router = APIRouter()
MANAGES = [requires(Permission.MANAGE_USERS)]
Text = Annotated[str, Form()]


@page(router, "/users", Permission.MANAGE_USERS)
def users_page(request: Request, user: CurrentUser) -> Response:
    """Every user."""
    rows = [_row(found) for found in accounts.users(request.app.state.access)]
    return respond(request, "users.html", {"users": rows, "roles": [(role.value, role.words) for role in Role]})


@router.post("/users", dependencies=MANAGES)
def user_added(
    request: Request,
    user: CurrentUser,
    name: Text,
    role: Annotated[Role, Form()],
    clients: Text = "",
    sites: Text = "",
    period_first_on: Text = "",
    period_last_on: Text = "",
) -> Response:
    """Add one; the page shows the link to hand over, once."""
    access: Access = request.app.state.access
    grant = _grant(role, clients, sites, period_first_on, period_last_on)
    with access.store.writing() as db:
        added = accounts.add(db, access, user.name, name, grant)
        secret = links.make_link(db, added.user_id, access.clock())
    return _shown_once(request, added.name, secret)


@page(router, "/users/{name}", Permission.MANAGE_USERS)
def user_page(request: Request, user: CurrentUser, name: str) -> Response:
    """One user, to change."""
    with request.app.state.store.reading() as db:
        found = _row(accounts.find(db, name))
    return respond(request, "user.html", {"found": found, "roles": [(role.value, role.words) for role in Role]})


@router.post("/users/{name}", dependencies=MANAGES)
def user_changed(
    request: Request,
    user: CurrentUser,
    name: str,
    role: Annotated[Role, Form()],
    clients: Text = "",
    sites: Text = "",
    period_first_on: Text = "",
    period_last_on: Text = "",
    is_active: Text = "",
) -> Response:
    """Change one."""
    access: Access = request.app.state.access
    grant = _grant(role, clients, sites, period_first_on, period_last_on)
    with access.store.writing() as db:
        accounts.change(db, access, user.name, name, grant, is_active=bool(is_active))
    return RedirectResponse("/users", status_code=303)


@router.post("/users/{name}/link", dependencies=MANAGES)
def link_made(request: Request, user: CurrentUser, name: str) -> Response:
    """A new link for somebody who forgot the password."""
    access: Access = request.app.state.access
    with access.store.writing() as db:
        found = accounts.find(db, name)
        secret = links.make_link(db, found.user_id, access.clock())
        audit_log.append(db, access.clock(), user.name, "link_made", found.name)
    return _shown_once(request, found.name, secret)


def _shown_once(request: Request, name: str, secret: str) -> Response:
    address = f"{base_address(request)}/start/{secret}"
    return respond(request, "user_link.html", {"name": name, "address": address, "hours": links.USER_HOURS})


def _grant(role: Role, clients: str, sites: str, first: str, last: str) -> Grant:
    return Grant(role, names(clients), names(sites), day(first), day(last))


def _row(user: User) -> dict[str, Any]:
    return {
        "name": user.name,
        "role": user.role,
        "clients": sorted(user.clients) if user.clients is not None else None,
        "sites": sorted(user.sites) if user.sites is not None else None,
        "period_first_on": user.period_first_on,
        "period_last_on": user.period_last_on,
        "is_active": user.is_active,
        "has_password": user.password_hash is not None,
        "logs_in_by_provider": user.subject is not None,
        "created_at": user.created_at,
    }
