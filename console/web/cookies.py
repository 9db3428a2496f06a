"""The session cookie: opaque, out of reach of scripts, not sent along from other sites; and addresses of ours.

Belongs here: setting and clearing it, where a redirect may lead, how a link to us begins.
Does not: what the cookie stands for (console/access/sessions.py).
"""

from fastapi import Request, Response
from fastapi.responses import RedirectResponse

from console.access.access import Access
from preaudit.settings import Settings


def with_session(access: Access, secret: str, address: str) -> Response:
    """Go to an address of ours, logged in."""
    response = RedirectResponse(own_address(address), status_code=303)
    # No max_age: it goes with the browser; the server's own limits hold in any case.
    response.set_cookie(access.cookie, secret, httponly=True, samesite="lax", secure=access.is_secure, path="/")
    return response


def without_session(access: Access, address: str) -> Response:
    """Go to an address of ours, logged out."""
    response = RedirectResponse(own_address(address), status_code=303)
    response.delete_cookie(access.cookie, httponly=True, samesite="lax", secure=access.is_secure, path="/")
    return response


def own_address(address: str) -> str:
    """The address if it is a path of ours; else the first page, so that a link cannot send people elsewhere."""
    is_own = address.startswith("/") and not address.startswith(("//", "/\\")) and address.isprintable()
    return address if is_own and "\\" not in address else "/"


def base_address(request: Request) -> str:
    """How an address of ours begins that people open elsewhere, such as one in a mail."""
    settings: Settings = request.app.state.settings
    return settings.console_address.rstrip("/") or str(request.base_url).rstrip("/")


def client_address(request: Request) -> str:
    """Where the request came from."""
    return request.client.host if request.client else "unknown"
