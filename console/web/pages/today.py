"""/today: what changed, what is coming, what to decide first."""

from fastapi import APIRouter, Request, Response

from console.access.permissions import CurrentUser
from console.access.roles import Permission
from console.reading.today import today_page
from console.web.rendering import page, respond
from console.web.seeing import decided, seen

router = APIRouter()


@page(router, "/today", Permission.READ_RESULTS)
def today(request: Request, user: CurrentUser) -> Response:
    view, about = seen(request, user)
    data = today_page(view)
    items = [item for found in data["lists"] for item in found["items"]]
    return respond(request, "today.html", {"about": about, "decisions": decided(request, user, items), **data})
