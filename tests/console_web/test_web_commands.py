"""`preaudit console`: users, audit log and delivery from the command line, and a server that really runs."""

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from sqlalchemy import text

from console.store.opening import open_store
from preaudit.settings import Settings
from tests.console.conftest import Result, preaudit
from tests.console_web.conftest import home_beside

__all__ = ["preaudit"]
ROOT = Path(__file__).parents[2]


@pytest.fixture
def home(published_home: Settings, tmp_path: Path) -> Settings:
    return home_beside(published_home, tmp_path)


def test_users_are_added_listed_reset_and_disabled(preaudit: Callable[..., Result], home):
    added = preaudit(home.home, "console", "users", "add", "ben", "--role", "operations")
    assert re.search(r"http://127\.0\.0\.1:8000/start/\S{43}", added.out)
    assert preaudit(home.home, "console", "users", "list").out == "ben\toperations\tno password yet\n"
    assert preaudit(home.home, "console", "users", "add", "root", "--role", "admin").code == 0
    again = preaudit(home.home, "console", "users", "reset", "ben")
    assert again.out.split("/start/")[1] != added.out.split("/start/")[1]
    assert preaudit(home.home, "console", "users", "disable", "ben").out == "ben is disabled.\n"
    assert "ben\toperations\t" in preaudit(home.home, "console", "users", "list").out


def test_a_scope_and_an_auditors_period_are_given_on_the_command_line(preaudit, home):
    auditor = ("aud", "--role", "auditor", "--from", "2026-01-01", "--to", "2026-03-31", "--client", "C1", "--client", "C2")
    assert preaudit(home.home, "console", "users", "add", *auditor).code == 0
    with open_store(home).reading() as db:
        (row,) = db.execute(text("select clients, sites, period_first_on, period_last_on from users"))
    assert tuple(row) == ('["C1", "C2"]', None, "2026-01-01", "2026-03-31")


def test_other_machines_are_served_only_behind_https(preaudit, home):
    answer = preaudit(home.home, "console", "--host", "0.0.0.0")
    assert answer.code == 1
    assert "PREAUDIT_CONSOLE_ADDRESS=https://" in answer.err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("reset", "nobody"), "There is no user nobody"),
        (("add", "ben", "--role", "boss"), "There is no role boss"),
        (("add", "two words"), "A user name has"),
        (("add", "aud", "--role", "auditor"), "give its first and its last day"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_message(preaudit, home, arguments, words):
    answer = preaudit(home.home, "console", "users", *arguments)
    assert answer.code == 1
    assert words in answer.err


def test_verify_is_quiet_about_a_whole_log_and_names_a_changed_row(preaudit, home):
    preaudit(home.home, "console", "users", "add", "ben")
    preaudit(home.home, "console", "users", "add", "eva")
    whole = preaudit(home.home, "console", "audit", "verify")
    assert whole.code == 0
    assert whole.out.startswith("2 rows, unbroken.")
    noted = whole.out.split()[-1]
    store = open_store(home)
    with store.writing() as db:
        db.execute(text("drop trigger audit_log_no_update"))
        db.execute(text("update audit_log set actor = 'eve' where sequence = 1"))
    store.close()
    broken = preaudit(home.home, "console", "audit", "verify")
    assert (broken.code, broken.out) == (1, "Row 1 was changed.\n")
    assert preaudit(home.home, "console", "audit", "verify", "--expect", noted[:-1] + "x").code == 1


def test_deliver_says_when_nothing_waits(preaudit, home):
    assert "Nothing waits" in preaudit(home.home, "console", "deliver").out


@pytest.mark.slow
def test_the_console_starts_prints_one_link_and_answers(home):
    environment = os.environ | {"PREAUDIT_HOME": str(home.home), "PREAUDIT_LANDING": str(home.landing)}
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "preaudit.cli", "console", "--port", str(port)]
    with subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True) as server:
        try:
            lines = [server.stderr.readline() for _ in range(2)]
            link = re.search(r"http://\S+/start/\S+", lines[1]).group(0)
            with httpx.Client(transport=httpx.HTTPTransport(retries=20)) as browser:
                answer = browser.get(link)
            assert "First start" in answer.text
            assert "server" not in answer.headers
        finally:
            server.send_signal(signal.SIGINT)
            server.wait(timeout=20)
