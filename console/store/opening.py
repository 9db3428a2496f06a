"""Opening the store: schema brought up to date, head of the audit log noted after every commit.

Belongs here: what every process does that opens the store. Does not: the engine (database.py).
"""

import logging
import threading
from pathlib import Path
from typing import Any

from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from sqlalchemy.orm import Session

from console.store.database import Store
from console.store.migrations import upgrade
from preaudit.errors import PreauditError
from preaudit.settings import Settings

logger = logging.getLogger(__name__)
HEAD = "audit_log.head"


def open_store(settings: Settings) -> Store:
    """The store of this home folder, with the newest schema.

    Raises:
        PreauditError: the address cannot be understood, or the database does not answer or is damaged.
    """
    settings.console_home.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        store = Store(settings.console_store_url)
        upgrade(store)
    except (SQLAlchemyError, ArgumentError, ModuleNotFoundError) as error:
        # The address may hold a password, and so may the driver's own words: neither is repeated.
        logger.debug("opening the store failed", exc_info=error)
        raise PreauditError(
            f"The console's store cannot be opened ({type(error).__name__}).",
            where="PREAUDIT_CONSOLE_STORE" if settings.console_store.get_secret_value() else str(settings.console_home),
            remedy="Is the database reachable, not locked, its disk not full, and its driver installed? "
            "A damaged SQLite file is put back from a backup.",
        ) from error
    store.after_commit.append(lambda session: _note_head(settings.console_home, session))
    return store


def _note_head(folder: Path, session: Session) -> None:
    head: Any = session.info.pop("audit_head", None)
    if head is None:
        return
    try:
        write_head(folder, head)
    except OSError as error:
        # The entry is committed; an older head still proves everything before it.
        logger.warning("The head of the audit log was not noted: %s", error)


def write_head(folder: Path, head: tuple[int, str]) -> None:
    """Note the newest row of the audit log outside of the database, so that rows cut off at the end are missed."""
    draft = folder / f".{HEAD}.{threading.get_native_id()}"
    draft.write_text(f"{head[0]} {head[1]}\n", encoding="ascii")
    draft.replace(folder / HEAD)
