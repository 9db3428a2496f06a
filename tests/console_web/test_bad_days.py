"""Full disk, locked or lost store, damaged snapshot, defects: a clear page, nothing lost, nothing told that should not be."""

import sqlite3

import pytest
from sqlalchemy import event
from starlette.testclient import TestClient

from console.access.roles import Role
from console.store import database
from console.store.opening import open_store
from console.web.app import create_app
from preaudit.errors import PreauditError
from preaudit.settings import Settings

ADDRESS = "/decisions/process/P01"


def decide(browser):
    return browser.post(ADDRESS, data={"csrf": browser.csrf, "kind": "acknowledged"})


def kept(console) -> int:
    return len(console.client(Role.VIEWER).get(f"{ADDRESS}.json").json()["history"])


def test_a_store_that_somebody_else_locks_is_a_503_and_nothing_is_half_done(console, monkeypatch):
    ops = console.client(Role.OPERATIONS)
    other = sqlite3.connect(console.settings.console_home / "console.db", isolation_level=None)
    console.store.close()
    event.listen(console.store.engine, "connect", lambda connection, record: connection.execute("pragma busy_timeout = 50"))
    other.execute("begin immediate")
    answer = decide(ops)
    other.execute("rollback")
    other.close()
    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "60"
    assert "own store did not answer" in answer.text
    assert kept(console) == 0
    assert decide(ops).status_code == 303
    assert kept(console) == 1


def test_a_full_disk_is_a_503_and_nothing_is_half_done(console):
    ops = console.client(Role.OPERATIONS)
    with console.store.reading() as db:
        pages = db.connection().exec_driver_sql("pragma page_count").scalar()
    console.store.close()
    # SQLite answers "database or disk is full" when the file may grow no further.
    event.listen(
        console.store.engine, "connect", lambda connection, record: connection.execute(f"pragma max_page_count = {pages}")
    )
    long = {"csrf": ops.csrf, "kind": "escalated", "owner": "x", "note": "y" * 2000}
    answers = [ops.post(ADDRESS, data=long).status_code for _ in range(40)]
    assert answers[-1] == 503
    good = answers.index(503)
    assert set(answers[good:]) == {503}
    from console.access.audit_log import verify

    with console.store.reading() as db:
        assert db.connection().exec_driver_sql("select count(*) from decisions").scalar() == good
    assert verify(console.store, console.settings.console_home).problems == ()


def test_a_lost_store_is_a_503_that_says_neither_path_nor_query(console):
    ops = console.client(Role.OPERATIONS)
    console.store.close()
    for file in console.settings.console_home.glob("console.db*"):
        file.unlink()
    console.settings.console_home.rename(console.settings.home / "gone")
    answer = ops.get("/decisions")
    assert answer.status_code == 503
    for told in ("select", "sqlite", str(console.settings.home), "Traceback"):
        assert told.lower() not in answer.text.lower()


def test_a_store_that_is_no_database_stops_the_start_with_one_sentence(tmp_path):
    settings = Settings(home=tmp_path, landing=tmp_path)
    settings.console_home.mkdir()
    (settings.console_home / "console.db").write_bytes(b"this is no database" * 100)
    with pytest.raises(PreauditError, match="store cannot be opened"):
        open_store(settings)


def test_an_address_with_a_password_is_never_repeated(tmp_path):
    settings = Settings(home=tmp_path, landing=tmp_path, console_store="postgresql+psycopg://me:hunter2@127.0.0.1:1/x")
    with pytest.raises(PreauditError) as caught:
        open_store(settings)
    assert "hunter2" not in str(caught.value) + repr(settings)


def test_nothing_published_is_said_without_naming_a_folder(tmp_path, clock):
    from tests.console_web.conftest import Console

    console = Console(Settings(home=tmp_path / "var", landing=tmp_path), clock)
    answer = console.client(Role.OPERATIONS).get(ADDRESS)
    console.store.close()
    assert "Nothing is published yet" in answer.text
    assert str(tmp_path) not in answer.text


def test_a_defect_shows_no_trace(console):
    @console.app.get("/defect")
    def defect() -> None:
        raise RuntimeError("secret words")

    browser = TestClient(console.app, raise_server_exceptions=False)
    answer = browser.get("/defect")
    assert answer.status_code == 500
    assert "secret words" not in answer.text
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")


@pytest.mark.parametrize("path", ["/nothing", "/users/../../etc/passwd", "/static/../app.py", "/static/nothing.css"])
def test_a_page_that_is_not_there_is_a_404(console, path):
    answer = console.client(Role.ADMIN).get(path)
    assert answer.status_code == 404


def test_two_processes_may_start_on_the_same_new_store(tmp_path):
    settings = Settings(home=tmp_path / "var", landing=tmp_path)
    first, second = create_app(settings), create_app(settings)
    for app in (first, second):
        app.state.store.close()


def test_people_wait_some_seconds_for_another_writer():
    assert 1 <= database.BUSY_SECONDS <= 10


def in_pieces():
    for _ in range(300):
        yield b"x" * 1024


def test_a_body_that_is_larger_than_any_form_is_refused(console):
    form = {"content-type": "application/x-www-form-urlencoded"}
    said = console.browser().post("/log-in", content=b"name=" + b"x" * 300_000, headers=form)
    unsaid = console.browser().post("/log-in", content=in_pieces(), headers=form)
    assert (said.status_code, unsaid.status_code) == (413, 413)
