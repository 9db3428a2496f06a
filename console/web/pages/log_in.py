"""Logging in and out, and the first page.

Belongs here: those routes. Does not: checking passwords (console/access/log_in.py), one-time links (start.py).
"""

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse

from console.access.access import Access
from console.access.log_in import TooManyAttempts, WrongPassword, log_in, log_out
from console.access.permissions import CurrentUser, requires
from console.access.roles import Permission
from console.web.cookies import client_address, with_session, without_session
from console.web.rendering import respond

router = APIRouter()
PUBLIC = [requires(Permission.PUBLIC)]


@router.get("/", dependencies=[requires(Permission.OWN_ACCOUNT)])
def first_page(user: CurrentUser) -> Response:
    """Everybody's first page is one they may read."""
    return RedirectResponse("/today" if user.may(Permission.READ_RESULTS) else "/evidence", status_code=303)


@router.get("/log-in", dependencies=PUBLIC)
def log_in_form(request: Request, next: str = "/") -> Response:
    """The form."""
    has_provider = bool(request.app.state.settings.console_oidc_issuer)
    data = {"next": next, "name": "", "problem": "", "remedy": "", "has_provider": has_provider}
    return respond(request, "log_in.html", data)


@router.post("/log-in", dependencies=PUBLIC)
def log_in_sent(
    request: Request, name: Annotated[str, Form()], password: Annotated[str, Form()], next: Annotated[str, Form()] = "/"
) -> Response:
    """A new session, or the form again."""
    access: Access = request.app.state.access
    try:
        secret = log_in(access, name, password, client_address(request))
    except (WrongPassword, TooManyAttempts) as error:
        has_provider = bool(request.app.state.settings.console_oidc_issuer)
        data = {"next": next, "name": name, "problem": error.what, "remedy": error.remedy, "has_provider": has_provider}
        return respond(request, "log_in.html", data, status=error.status)
    return with_session(access, secret, next)


@router.post("/log-out", dependencies=[requires(Permission.OWN_ACCOUNT)])
def log_out_sent(request: Request, user: CurrentUser) -> Response:
    """The session ends on the server too."""
    access: Access = request.app.state.access
    log_out(access, request.cookies.get(access.cookie, ""), user.name)
    return without_session(access, "/log-in")
