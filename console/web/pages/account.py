"""One's own account: what one may do, and another password.

Belongs here: those routes. Does not: other people's accounts (users.py).
"""

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response

from console.access import links
from console.access.access import Access
from console.access.log_in import TooManyAttempts, WrongPassword, confirm
from console.access.permissions import CurrentUser, requires
from console.access.roles import Permission, Person
from console.store.users import User
from console.web.cookies import client_address, with_session
from console.web.rendering import page, respond
from preaudit.errors import PreauditError

router = APIRouter()
Text = Annotated[str, Form()]


@page(router, "/account", Permission.OWN_ACCOUNT)
def account_page(request: Request, user: CurrentUser) -> Response:
    """Who one is here."""
    return respond(request, "account.html", _data(request, user))


@router.post("/account/password", dependencies=[requires(Permission.OWN_ACCOUNT)])
def password_changed(request: Request, user: CurrentUser, current: Text, password: Text, again: Text) -> Response:
    """Another password; all other sessions end."""
    access: Access = request.app.state.access
    try:
        if password != again:
            raise PreauditError("The two passwords differ.")
        found = _confirmed(access, request, user, current)
        with access.store.writing() as db:
            secret = links.make_link(db, found.user_id, access.clock())
        session = links.use_link(access, secret, user.name, password)
    except PreauditError as error:
        status = error.status if isinstance(error, TooManyAttempts) else 422
        return respond(request, "account.html", _data(request, user) | {"problem": error.what}, status=status)
    return with_session(access, session, "/account")


def _confirmed(access: Access, request: Request, user: Person, current: str) -> User:
    """The present password is asked for, and guesses are counted as at the log-in: a session alone is not enough."""
    try:
        return confirm(access, user.name, current, client_address(request))
    except WrongPassword as error:
        raise WrongPassword("The present password is wrong.") from error


def _data(request: Request, user: CurrentUser) -> dict[str, object]:
    with request.app.state.store.reading() as db:
        found = db.get(User, user.user_id)
        has_password = found is not None and found.password_hash is not None
    return {
        "name": user.name,
        "role": user.role.words if user.role else "API token",
        "permissions": sorted(permission.value.replace("_", " ") for permission in user.permissions),
        "clients": sorted(user.scope.clients) if user.scope.clients is not None else None,
        "sites": sorted(user.scope.sites) if user.scope.sites is not None else None,
        "period": user.period,
        "has_password": has_password,
        "problem": "",
    }
