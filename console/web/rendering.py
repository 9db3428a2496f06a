"""One answer in two spellings: the HTML page, and under the same address with .json the same data for programs.

Belongs here: templates, the JSON twin, and `page`, which registers both addresses. Does not: what is on a page (pages/).
"""

import dataclasses
from collections.abc import Callable, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.encoders import jsonable_encoder
from fastapi.responses import JSONResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from console.access.permissions import requires
from console.access.roles import Permission

TEMPLATES = Path(__file__).parent / "templates"

Handler = Callable[..., Response]


def environment() -> Environment:
    """Templates: everything escaped, an unknown name is an error."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=select_autoescape(default=True, default_for_string=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["moment"] = lambda at: "–" if at is None else f"{at:%Y-%m-%d %H:%M} UTC"
    made.filters["day"] = lambda on: "–" if on is None else on.isoformat()
    made.globals["Permission"] = Permission
    return made


_ENVIRONMENT = environment()


def wants_json(request: Request) -> bool:
    """Whether a program asks: the address ends in .json, belongs to the API, or only JSON is accepted."""
    path = request.url.path
    return path.endswith(".json") or path.startswith("/api/") or request.headers.get("accept", "") == "application/json"


def respond(request: Request, template: str, data: Mapping[str, Any] | Any, *, status: int = 200) -> Response:
    """The page made of `data` (a mapping or a dataclass), or its JSON twin, which is `data` and nothing else.

    The template sees the keys of `data`, and `user` (None where nobody is logged in) and `path`.
    """
    values = dict(data) if isinstance(data, Mapping) else {f.name: getattr(data, f.name) for f in dataclasses.fields(data)}
    if wants_json(request):
        return JSONResponse(jsonable_encoder(values, custom_encoder=_ENCODERS), status_code=status)
    user = getattr(request.state, "user", None)
    html = _ENVIRONMENT.get_template(template).render(**values, user=user, path=request.url.path)
    return Response(html, status_code=status, media_type="text/html")


def page(router: APIRouter, path: str, permission: Permission) -> Callable[[Handler], Handler]:
    """Register a GET page and its JSON twin (`path` + `.json`) with one permission."""

    def register(handler: Handler) -> Handler:
        dependencies = [requires(permission)]
        name = handler.__name__
        # The twin comes first: `/agents/{entity_id}` would take `A-1.json` for an id.
        router.get(f"{path}.json", dependencies=dependencies, name=f"{name}_json")(handler)
        router.get(path, dependencies=dependencies, name=name)(handler)
        return handler

    return register


_ENCODERS: dict[Any, Callable[[Any], Any]] = {
    datetime: lambda at: at.isoformat(),
    date: lambda on: on.isoformat(),
    frozenset: lambda items: sorted(items),
}
