"""The store in PostgreSQL: the same code, the same promises. Skipped where no PostgreSQL or no psycopg is installed."""

import os
import shutil
import socket
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from console.access import audit_log
from console.access.audit_log import verify
from console.access.roles import Role
from tests.console_web.conftest import Clock, Console, home_beside

pytest.importorskip("psycopg", reason="psycopg is not installed")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server of our own on loopback; it refuses to run as root, so root hands it to nobody."""
    tool = shutil.which("pg_ctl")
    if tool is None:
        pytest.skip("PostgreSQL is not installed")
    # Its folder must be reachable by the user that runs it, which pytest's own is not.
    folder = Path(subprocess.run(["mktemp", "-d"], capture_output=True, text=True, check=True).stdout.strip())
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    who = {"user": "nobody"} if os.geteuid() == 0 else {}
    if who:
        shutil.chown(folder, "nobody")
    options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1"
    quiet = {"cwd": folder, "stdout": subprocess.DEVNULL, **who}
    subprocess.run([tool, "init", "-D", folder / "data", "-o", "-A trust -U preaudit"], check=True, **quiet)
    subprocess.run([tool, "start", "-w", "-D", folder / "data", "-o", options, "-l", folder / "log"], check=True, **quiet)
    yield f"postgresql+psycopg://preaudit@127.0.0.1:{port}/postgres"
    subprocess.run([tool, "stop", "-m", "immediate", "-D", folder / "data"], check=True, **quiet)
    shutil.rmtree(folder)


@pytest.fixture
def console(published_home, tmp_path, server) -> Iterator[Console]:
    made = Console(home_beside(published_home, tmp_path, console_store=SecretStr(server)), Clock())
    yield made
    with made.store.writing() as db:
        db.execute(text("drop schema public cascade"))
        db.execute(text("create schema public"))
    made.store.close()


def test_decisions_are_kept_and_the_log_holds(console):
    ops = console.client(Role.OPERATIONS)
    fields = {"csrf": ops.csrf, "kind": "acknowledged"}
    assert ops.post("/decisions/process/P01", data=fields).status_code == 303
    (row,) = ops.get("/decisions/process/P01.json").json()["history"]
    assert row["decided_at"] == "2026-02-01T09:00:00+00:00"
    assert verify(console.store, console.settings.console_home).problems == ()


@pytest.mark.parametrize("table", ["audit_log", "decisions", "decision_answers"])
def test_the_database_refuses_to_change_delete_or_truncate(console, table):
    ops = console.client(Role.OPERATIONS)
    ops.post("/decisions/process/P01", data={"csrf": ops.csrf, "kind": "acknowledged"})
    statements = [f"truncate {table} cascade"]
    if table != "decision_answers":
        column = {"audit_log": "actor", "decisions": "note"}[table]
        statements += [f"update {table} set {column} = 'eve'", f"delete from {table}"]
    for statement in statements:
        with pytest.raises(DatabaseError, match="append-only"), console.store.writing() as db:
            db.execute(text(statement))


def test_writers_at_the_same_time_make_one_unbroken_chain(console):
    def write() -> None:
        for _ in range(10):
            with console.store.writing() as db:
                audit_log.append(db, console.clock(), "ana", "did_something")

    threads = [threading.Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    verdict = verify(console.store, console.settings.console_home)
    assert (verdict.rows, verdict.problems) == (40, ())


def test_guesses_sent_at_the_same_time_are_counted_too(console):
    answers: list[int] = []

    def guess() -> None:
        answers.append(console.browser().post("/log-in", data={"name": "ana", "password": "wrong"}).status_code)

    threads = [threading.Thread(target=guess) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [403] * 5 + [429] * 3


def test_migrations_make_exactly_the_tables_of_the_code(console):
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    from console.store.tables import Base

    with console.store.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []
