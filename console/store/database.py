"""The connection to the store: one for reading, one that takes the write lock at once.

Belongs here: the engine and its two kinds of transaction. Does not: tables (one module per noun), migrations (migrations/).
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session

BUSY_SECONDS = 5  # a person waits that long for another writer before the page says that the store is busy


class Store:
    """The console's store.

    Args:
        url: SQLAlchemy address of the database; the folder of a SQLite file is made, readable by its owner only.
    """

    def __init__(self, url: str) -> None:
        address = make_url(url)
        self.after_commit: list[Callable[[Session], None]] = []
        self.is_sqlite = address.get_backend_name() == "sqlite"
        if self.is_sqlite and address.database:
            Path(address.database).parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            Path(address.database).touch(mode=0o600)
        options: dict[str, Any] = {"connect_args": {"timeout": BUSY_SECONDS}} if self.is_sqlite else {"pool_pre_ping": True}
        # Errors end up in the log, which must hold neither password hashes nor notes.
        self.engine: Engine = create_engine(address, hide_parameters=True, **options)
        if self.is_sqlite:
            event.listen(self.engine, "connect", _prepare_sqlite)
            event.listen(self.engine, "begin", _begin_sqlite)
        self._writer = self.engine.execution_options(is_writer=True)

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session whose changes are dropped."""
        with Session(self.engine, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A session that commits at the end, or keeps nothing where an error comes out."""
        with Session(self._writer, expire_on_commit=False) as session:
            with session.begin():
                yield session
            for told in self.after_commit:
                told(session)

    @contextmanager
    def migrating(self) -> Iterator[Connection]:
        """A connection that holds the write lock, so that two processes starting together migrate one after the other."""
        with self._writer.begin() as connection:
            yield connection

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()


def _prepare_sqlite(connection: Any, record: Any) -> None:
    # The driver's own transactions are off: it begins too late for `begin immediate`.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute("pragma journal_mode = wal")
    cursor.execute("pragma synchronous = full")
    cursor.execute("pragma foreign_keys = on")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    # A writer takes the lock at once: one that read first and upgraded later would fail instead of waiting.
    connection.exec_driver_sql("begin immediate" if connection.get_execution_options().get("is_writer") else "begin")
