"""The door of every route: who is asking, may they, and did the form come from our own page.

Belongs here: the dependency that every route declares, and `current_user` behind it. Does not: the matrix of roles (roles.py),
sessions (sessions.py), tokens (tokens.py).
"""

import secrets
from typing import Annotated, Any
from urllib.parse import quote, urlsplit

from fastapi import Depends, Request
from starlette.concurrency import run_in_threadpool

from console.access.roles import GRANTS, Period, Permission, Person, Role, Scope

__all__ = [
    "GRANTS", "CurrentUser", "Denied", "NotLoggedIn", "Period", "Permission", "Person", "Requirement", "Role", "Scope",
    "current_user", "requires",
]  # fmt: skip

SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}


class NotLoggedIn(Exception):
    """Nobody is logged in; the page for a person is the log-in, for a program 401."""

    def __init__(self, came_from: str) -> None:
        super().__init__("Log in first.")
        self.address = f"/log-in?next={quote(came_from)}" if came_from not in ("", "/") else "/log-in"


class Denied(Exception):
    """The person is known and may not do this; the message says what is missing."""


class Requirement:
    """The dependency that `requires` makes; tests read its `permission` off every route."""

    def __init__(self, permission: Permission) -> None:
        self.permission = permission

    async def __call__(self, request: Request) -> None:
        """Let the request in, or not.

        Raises:
            NotLoggedIn: the route is not public and nobody is logged in.
            Denied: the role lacks the permission, or a form came without the session's token.
        """
        person: Person | None = await run_in_threadpool(request.app.state.access.identify, request)
        request.state.user = person
        if request.method not in SAFE_METHODS and not _is_same_origin(request):
            raise Denied("The form was sent from another site.")
        if self.permission is Permission.PUBLIC:
            return
        if person is None:
            raise NotLoggedIn(request.url.path if request.method in SAFE_METHODS else "/")
        if not person.may(self.permission):
            raise Denied("Your role does not allow this.")
        if request.method not in SAFE_METHODS and person.csrf:
            given = (await request.form()).get("csrf")
            if not isinstance(given, str) or not secrets.compare_digest(given.encode(), person.csrf.encode()):
                raise Denied("The form was not sent from a page of your session. Open the page again and repeat it.")


def _is_same_origin(request: Request) -> bool:
    """Whether a form comes from our own pages, as the browser says; programs that are no browser say nothing.

    The log-in form has no session, hence no token: this keeps another site from logging somebody in.
    """
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    if site is not None:
        return site in ("same-origin", "none")
    own = {request.headers.get("host", ""), urlsplit(request.app.state.settings.console_address).netloc}
    return origin is None or urlsplit(origin).netloc in own


def requires(permission: Permission) -> Any:
    """What a route declares: `dependencies=[requires(Permission.READ_RESULTS)]`."""
    return Depends(Requirement(permission))


def current_user(request: Request) -> Person:
    """Who is asking, on a route that is not public."""
    person: Person | None = request.state.user
    if person is None:
        raise NotLoggedIn(request.url.path)
    return person


CurrentUser = Annotated[Person, Depends(current_user)]
