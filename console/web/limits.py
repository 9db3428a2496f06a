"""How large a request may be: nobody who is not logged in can fill the memory.

Belongs here: the limit. Does not: what a form may hold (console/web/pages, console/decisions).
"""

from fastapi import HTTPException, Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from console.web.errors import failure

LARGEST_BYTES = 256 * 1024  # the longest form has a note of 2,000 characters


class BodyLimit:
    """Refuses a request whose body is too large, said or found on the way."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        said = dict(scope["headers"]).get(b"content-length", b"0")
        if said.isdigit() and int(said) > LARGEST_BYTES:
            await failure(Request(scope), 413, "")(scope, receive, send)
            return
        came = 0

        async def counted() -> Message:
            nonlocal came
            message = await receive()
            came += len(message.get("body", b""))
            if came > LARGEST_BYTES:
                # FastAPI reads the body and passes this kind of error on; any other would become a 400.
                raise HTTPException(413)
            return message

        await self.app(scope, counted, send)
