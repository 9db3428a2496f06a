"""The web application, put together.

Belongs here: the factory. Does not: any page (pages/), or starting a server (console/web_commands.py).
"""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles
from sqlalchemy.exc import SQLAlchemyError
from starlette.concurrency import run_in_threadpool

from console.access.access import Access, Clock, utc_now
from console.decisions.delivery import deliver
from console.store.database import Store
from console.store.opening import open_store
from console.web.errors import add_handlers
from console.web.headers import SecurityHeaders
from console.web.limits import BodyLimit
from console.web.pages import ROUTERS
from console.web.seeing import add_reader
from preaudit.errors import PreauditError
from preaudit.settings import Settings

logger = logging.getLogger(__name__)
STATIC = Path(__file__).parent / "static"


def create_app(settings: Settings, clock: Clock = utc_now, delivers_every: float | None = None) -> FastAPI:
    """The console on one home folder.

    State that pages use: `app.state.settings`, `app.state.store`, `app.state.access`.

    Args:
        settings: names the home folder and the store.
        clock: the time now, in UTC.
        delivers_every: seconds between looks for decisions to deliver; None = never.

    Raises:
        PreauditError: the store cannot be opened.
    """
    store = open_store(settings)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        task = asyncio.create_task(_keep_delivering(settings, store, clock, delivers_every)) if delivers_every else None
        yield
        if task is not None:
            task.cancel()
        store.close()

    app = FastAPI(title="Preaudit", docs_url=None, redoc_url=None, openapi_url=None, lifespan=lifespan)
    app.state.settings = settings
    app.state.store = store
    app.state.access = Access(store, settings, clock)
    add_reader(app, settings)
    for router in ROUTERS:
        app.include_router(router)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    add_handlers(app)
    app.add_middleware(BodyLimit)
    app.add_middleware(SecurityHeaders, is_secure=app.state.access.is_secure)
    return app


async def _keep_delivering(settings: Settings, store: Store, clock: Clock, seconds: float) -> None:
    while True:
        try:
            await run_in_threadpool(deliver, settings, store, clock())
        except (PreauditError, SQLAlchemyError, OSError) as error:
            # The next look tries again, and so does `preaudit run`, which says it to a person.
            logger.error("Decisions were not delivered: %s", error)
        await asyncio.sleep(seconds)
