"""/forecast: how good the forecast was and is."""

from fastapi import APIRouter, Request, Response

from console.access.permissions import CurrentUser
from console.access.roles import Permission
from console.reading.forecast import forecast_page
from console.web.rendering import page, respond
from console.web.seeing import seen

router = APIRouter()


@page(router, "/forecast", Permission.READ_RESULTS)
def forecast(request: Request, user: CurrentUser) -> Response:
    view, about = seen(request, user)
    return respond(request, "forecast.html", {"about": about, **forecast_page(view)})
