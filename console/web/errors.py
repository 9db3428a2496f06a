"""Errors as pages: what was wrong and what to do, and never a trace, a path or a query.

Belongs here: which exception becomes which page. Does not: raising them.
"""

import logging
from http import HTTPStatus

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse
from sqlalchemy.exc import SQLAlchemyError
from starlette.exceptions import HTTPException

from console.access.permissions import Denied, NotLoggedIn
from console.web.headers import HEADERS
from console.web.rendering import respond, wants_json
from preaudit.errors import PreauditError

logger = logging.getLogger(__name__)

TITLES = {
    401: "Log in first",
    403: "Not allowed",
    404: "There is no such page",
    405: "This page does not take that",
    409: "This cannot be done",
    413: "That is too large",
    422: "Something in the form is missing or wrong",
    429: "Too many attempts",
    500: "This is a defect of the console",
    503: "The console cannot do this now",
}
STORE_REMEDY = "Nothing was changed. Try again in a minute; if it stays, the disk may be full or the store is not reachable."


def failure(request: Request, status: int, message: str, remedy: str = "", *, headers: dict[str, str] | None = None) -> Response:
    """The error page, or the same as JSON."""
    title = TITLES.get(status, "This did not work")
    response = respond(
        request, "error.html", {"status": status, "title": title, "message": message, "remedy": remedy}, status=status
    )
    response.headers.update(headers or {})
    return response


def _not_logged_in(request: Request, error: Exception) -> Response:
    if wants_json(request):
        return failure(request, 401, str(error), headers={"www-authenticate": "Bearer"})
    return RedirectResponse(error.address if isinstance(error, NotLoggedIn) else "/log-in", status_code=303)


def _denied(request: Request, error: Exception) -> Response:
    return failure(request, 403, str(error))


def _of_ours(request: Request, error: Exception) -> Response:
    if not isinstance(error, PreauditError):
        raise error
    # `where` names files of the server; it is for the log.
    logger.warning("%s %s: %s", request.method, request.url.path, error)
    return failure(request, getattr(error, "status", 409), error.what, error.remedy)


def _store(request: Request, error: Exception) -> Response:
    logger.error("%s %s: %s", request.method, request.url.path, error)
    return failure(request, 503, "The console's own store did not answer.", STORE_REMEDY, headers={"retry-after": "60"})


def _disk(request: Request, error: Exception) -> Response:
    logger.error("%s %s: %s", request.method, request.url.path, error)
    return failure(request, 503, "A file could not be read or written.", STORE_REMEDY, headers={"retry-after": "60"})


def _http(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    message = str(error.detail) if isinstance(error, HTTPException) else ""
    # Starlette's own words for a status say less than our titles.
    return failure(request, status, "" if message in {phrase.phrase for phrase in HTTPStatus} else message)


def _invalid(request: Request, error: Exception) -> Response:
    problems = error.errors() if isinstance(error, RequestValidationError) else []
    message = "; ".join(f"{problem['loc'][-1]}: {problem['msg']}" for problem in problems)
    return failure(request, 422, message, "Go back, correct it and send it again.")


def _defect(request: Request, error: Exception) -> Response:
    # Starlette answers this one outside of every middleware, so the headers are put on here.
    remedy = "Nothing was changed. The console's log says more; please report it."
    return failure(request, 500, "", remedy, headers={**HEADERS, "cache-control": "no-store"})


def add_handlers(app: FastAPI) -> None:
    """Register every handler."""
    app.add_exception_handler(NotLoggedIn, _not_logged_in)
    app.add_exception_handler(Denied, _denied)
    app.add_exception_handler(PreauditError, _of_ours)
    app.add_exception_handler(SQLAlchemyError, _store)
    app.add_exception_handler(OSError, _disk)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(Exception, _defect)
