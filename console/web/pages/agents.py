"""/agents: the list, narrowed by its address, and the page of one of them (entity.py)."""

from fastapi import APIRouter, Request, Response

from console.access.permissions import CurrentUser
from console.access.roles import Permission
from console.reading.filters import read_filter
from console.reading.ranked_list import ranked_list
from console.web.pages.entity import entity_of
from console.web.rendering import page, respond
from console.web.seeing import decided, seen

router = APIRouter()


@page(router, "/agents", Permission.READ_RESULTS)
def agents(request: Request, user: CurrentUser) -> Response:
    view, about = seen(request, user)
    data = ranked_list(view, "agent", read_filter(request.query_params))
    return respond(request, "list.html", {"about": about, "decisions": decided(request, user, data["items"]), **data})


@page(router, "/agents/{entity_id:path}", Permission.READ_RESULTS)
def agent(request: Request, user: CurrentUser, entity_id: str) -> Response:
    return entity_of(request, user, "agent", entity_id)
