"""/runs: the published days and who made them."""

from fastapi import APIRouter, Request, Response

from console.access.permissions import CurrentUser
from console.access.roles import Permission
from console.reading.runs import runs_page
from console.web.rendering import page, respond
from console.web.seeing import seen

router = APIRouter()


@page(router, "/runs", Permission.READ_RESULTS)
def runs(request: Request, user: CurrentUser) -> Response:
    view, about = seen(request, user)
    return respond(request, "runs.html", {"about": about, **runs_page(view)})
