"""Log-in by OpenID Connect: to the provider, and the answer.

Belongs here: the two routes and their cookie. Does not: what the answer means (console/access/oidc.py).
"""

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from console.access.access import Access
from console.access.permissions import requires
from console.access.roles import Permission
from console.web.cookies import base_address, own_address, with_session
from console.web.rendering import respond

router = APIRouter()
PUBLIC = [requires(Permission.PUBLIC)]
COOKIE = "provider_state"
ANSWER = "/log-in/provider/answer"


@router.get("/log-in/provider", dependencies=PUBLIC)
def to_provider(request: Request, next: str = "/") -> Response:
    """Go to the provider; the cookie ties its answer to this browser."""
    from console.access.oidc import LASTS, begin

    access: Access = request.app.state.access
    way = begin(access, _redirect_uri(request), own_address(next))
    response = RedirectResponse(way.address, status_code=303)
    # Lax: the provider's answer is a top-level navigation from another site.
    response.set_cookie(
        COOKIE, way.state, max_age=int(LASTS.total_seconds()), httponly=True, samesite="lax", secure=access.is_secure, path=ANSWER
    )
    return response


@router.get(ANSWER, dependencies=PUBLIC)
def provider_answered(request: Request, state: str = "", code: str = "", error: str = "") -> Response:
    """Logged in, or the log-in page with the reason."""
    from console.access.oidc import ProviderRefused, finish

    access: Access = request.app.state.access
    try:
        if error:
            raise ProviderRefused("The provider did not let you in.", remedy="Log in again, or ask an admin.")
        secret, address = finish(access, _redirect_uri(request), state, request.cookies.get(COOKIE, ""), code)
    except ProviderRefused as refusal:
        data = {"next": "/", "name": "", "problem": refusal.what, "remedy": refusal.remedy, "has_provider": True}
        return respond(request, "log_in.html", data, status=refusal.status)
    response = with_session(access, secret, address)
    response.delete_cookie(COOKIE, path=ANSWER)
    return response


def _redirect_uri(request: Request) -> str:
    return base_address(request) + ANSWER
