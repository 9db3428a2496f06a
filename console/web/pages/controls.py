"""/controls: all controls, the matrix, frameworks, coverage, and the page of one."""

from fastapi import APIRouter, Request, Response

from console.access.permissions import CurrentUser
from console.access.roles import Permission
from console.reading.control import control_page
from console.reading.controls import controls_page, coverage, frameworks_page, matrix_page
from console.reading.filters import read_filter
from console.web.rendering import page, respond
from console.web.seeing import seen

router = APIRouter()


@page(router, "/controls", Permission.READ_RESULTS)
def controls(request: Request, user: CurrentUser) -> Response:
    view, about = seen(request, user)
    return respond(request, "controls.html", {"about": about, **controls_page(view)})


@page(router, "/controls/matrix", Permission.READ_RESULTS)
def matrix(request: Request, user: CurrentUser) -> Response:
    view, about = seen(request, user)
    return respond(request, "controls_matrix.html", {"about": about, **matrix_page(view, read_filter(request.query_params).page)})


@page(router, "/controls/frameworks", Permission.READ_RESULTS)
def frameworks(request: Request, user: CurrentUser, framework: str = "") -> Response:
    view, about = seen(request, user)
    return respond(request, "controls_frameworks.html", {"about": about, **frameworks_page(view, framework)})


@page(router, "/controls/coverage", Permission.READ_RESULTS)
def coverage_of_controls(request: Request, user: CurrentUser) -> Response:
    view, about = seen(request, user)
    return respond(request, "controls_coverage.html", {"about": about, **coverage(view)})


@page(router, "/controls/{control_id}", Permission.READ_RESULTS)
def control(request: Request, user: CurrentUser, control_id: str) -> Response:
    view, about = seen(request, user)
    return respond(request, "control.html", {"about": about, **control_page(view, control_id)})
