"""The page of one process or agent, under /processes/<id> and /agents/<id>."""

from fastapi import Request, Response

from console.access.permissions import Person
from console.reading.entity import entity_page
from console.web.rendering import respond
from console.web.seeing import decided, seen


def entity_of(request: Request, user: Person, kind: str, entity_id: str) -> Response:
    """One entity's page, or 404."""
    view, about = seen(request, user)
    data = entity_page(view, kind, entity_id)
    items = [{"entity_kind": kind, "entity_id": entity_id}, *data["agents"]]
    return respond(request, "entity.html", {"about": about, "decisions": decided(request, user, items), **data})
