"""The web application, put together.

Belongs here: the factory. Does not: any page (pages/), or starting a server (console/web_commands.py).
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles

from console.access.access import Access, Clock, utc_now
from console.store.opening import open_store
from console.web.errors import add_handlers
from console.web.headers import SecurityHeaders
from console.web.pages import ROUTERS
from preaudit.settings import Settings

STATIC = Path(__file__).parent / "static"


def create_app(settings: Settings, clock: Clock = utc_now) -> FastAPI:
    """The console on one home folder.

    State that pages use: `app.state.settings`, `app.state.store`, `app.state.access`.

    Args:
        settings: names the home folder and the store.
        clock: the time now, in UTC.
    """
    store = open_store(settings)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        yield
        store.close()

    app = FastAPI(title="Preaudit", docs_url=None, redoc_url=None, openapi_url=None, lifespan=lifespan)
    app.state.settings = settings
    app.state.store = store
    app.state.access = Access(store, settings, clock)
    for router in ROUTERS:
        app.include_router(router)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    add_handlers(app)
    app.add_middleware(SecurityHeaders, is_secure=app.state.access.is_secure)
    return app
