"""/evidence: packs, whether they are as signed, mock audits. An auditor sees those of the agreed days only."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import FileResponse

from console.access.permissions import CurrentUser, Denied, Person, requires
from console.access.roles import Permission
from console.reading import evidence as reading
from console.web.rendering import page, respond

router = APIRouter()


@page(router, "/evidence", Permission.READ_EVIDENCE)
def evidence(request: Request, user: CurrentUser) -> Response:
    settings = request.app.state.settings
    is_limited = not user.scope.is_everything
    data = {
        "is_limited": is_limited,
        "period": user.period,
        "packs": [] if is_limited else reading.packs(settings, user.period),
        "audits": [] if is_limited else reading.audits(settings, user.period),
    }
    return respond(request, "evidence.html", data)


@page(router, "/evidence/verify", Permission.READ_EVIDENCE)
def verify(request: Request, user: CurrentUser) -> Response:
    _whole_company(user)
    return respond(request, "evidence_verify.html", reading.verification(request.app.state.settings))


@page(router, "/evidence/audits/{name}", Permission.READ_EVIDENCE)
def audit(request: Request, user: CurrentUser, name: str) -> Response:
    _whole_company(user)
    return respond(request, "audit.html", reading.audit(request.app.state.settings, user.period, name))


@router.get("/evidence/packs/{name}", dependencies=[requires(Permission.READ_EVIDENCE)])
def pack(request: Request, user: CurrentUser, name: str) -> Response:
    _whole_company(user)
    file = reading.pack_file(request.app.state.settings, user.period, name)
    return FileResponse(file, media_type="application/zip", filename=file.name)


def _whole_company(user: Person) -> None:
    """A pack holds every client's items, so it is not for whoever may see some clients only."""
    if not user.scope.is_everything:
        raise Denied("Evidence covers the whole company; your account is limited to a part of it.")
