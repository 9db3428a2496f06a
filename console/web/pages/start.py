"""One-time links: the first admin's, and the one by which a user chooses a password.

Belongs here: their routes. Does not: making them (console/access/links.py).
"""

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response

from console.access.access import Access
from console.access.links import LinkRefused, name_of, use_link
from console.access.passwords import SHORTEST
from console.access.permissions import requires
from console.access.roles import Permission
from console.web.cookies import with_session
from console.web.rendering import respond
from preaudit.errors import PreauditError

router = APIRouter()
PUBLIC = [requires(Permission.PUBLIC)]


@router.get("/start/{secret}", dependencies=PUBLIC)
def start_form(request: Request, secret: str) -> Response:
    """The form; opening it does not use the link up, since mail scanners open links too."""
    name = name_of(request.app.state.access, secret)
    return respond(request, "start.html", _data(name, is_first=not name))


@router.post("/start/{secret}", dependencies=PUBLIC)
def start_sent(
    request: Request,
    secret: str,
    password: Annotated[str, Form()],
    again: Annotated[str, Form()],
    name: Annotated[str, Form()] = "",
) -> Response:
    """Logged in with the new password, or the form again."""
    access: Access = request.app.state.access
    owner = name_of(access, secret)
    try:
        if password != again:
            raise PreauditError("The two passwords differ.")
        session = use_link(access, secret, owner or name, password)
    except LinkRefused:
        raise
    except PreauditError as error:
        return respond(request, "start.html", _data(owner or name, is_first=not owner, problem=error.what), status=422)
    return with_session(access, session, "/")


def _data(name: str, *, is_first: bool, problem: str = "") -> dict[str, object]:
    return {"name": name, "is_first": is_first, "problem": problem, "shortest": SHORTEST}
