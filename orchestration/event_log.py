"""Dagster's event log in SQLite, with its connections kept open for the length of a run from the command line.

Belongs here: the one method of Dagster's storage that is replaced. Does not: settings of the instance (runner.py, dagster.yaml).
Dagster 1.13 makes an engine and a connection for every event (2026-11: under the profiler 14 ms each, 700 events a run, a
quarter of a small run's time). The files and what stands in them stay Dagster's own.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import dagster as dg
from dagster._core.storage.event_log.sqlite.sqlite_event_log import SqliteEventLogStorage
from sqlalchemy import Connection, Engine, create_engine
from sqlalchemy.pool import SingletonThreadPool

BUSY_TIMEOUT_SECONDS = 20


@contextmanager
def kept_connections(instance: dg.DagsterInstance) -> Iterator[None]:
    """Let this process's instance keep one engine per file of its event log; another storage than SQLite is left alone."""
    log: Any = instance.event_log_storage
    if not isinstance(log, SqliteEventLogStorage):
        yield
        return
    engines: dict[str, Engine] = {}

    @contextmanager
    def connect(shard: str) -> Iterator[Connection]:
        with log._db_lock:
            if shard not in engines:
                engines[shard] = create_engine(
                    log.conn_string_for_shard(shard),
                    poolclass=SingletonThreadPool,
                    connect_args={"timeout": BUSY_TIMEOUT_SECONDS},
                )
            if shard not in log._initialized_dbs:
                log._initdb(engines[shard])
                log._initialized_dbs.add(shard)
            with engines[shard].connect() as connection, connection.begin():
                yield connection

    log._connect = connect
    try:
        yield
    finally:
        del log._connect
        for engine in engines.values():
            engine.dispose()
