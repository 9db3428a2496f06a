"""/data: deliveries, quarantine with reasons, freshness."""

from fastapi import APIRouter, Request, Response

from console.access.permissions import CurrentUser
from console.access.roles import Permission
from console.reading.data import data_page
from console.reading.filters import LONGEST_TEXT
from console.web.rendering import page, respond
from console.web.seeing import seen

router = APIRouter()


@page(router, "/data", Permission.READ_RESULTS)
def data(request: Request, user: CurrentUser, feed: str = "", rule: str = "") -> Response:
    view, about = seen(request, user)
    return respond(request, "data.html", {"about": about, **data_page(view, feed[:LONGEST_TEXT], rule[:LONGEST_TEXT])})
