"""Reveals: the role, a reason, a second person's yes; logged, and over after some hours."""

import pytest

from console.access.roles import Role
from preaudit.pseudonyms import load_pseudonyms
from tests.console.published_fixture import WORKERS

REASON = "Coaching talk that the works council agreed to"


@pytest.fixture
def pseudonym(console) -> str:
    return load_pseudonyms(console.settings).agent(WORKERS[0])


def ask(browser, pseudonym: str, reason: str = REASON) -> str:
    answer = browser.post("/reveals", data={"csrf": browser.csrf, "pseudonym": pseudonym, "reason": reason})
    assert answer.status_code == 303, answer.text
    return browser.get("/reveals.json").json()["reveals"][0]["reveal_id"]


def agree(browser, reveal_id: str, is_agreed: str = "true", note: str = ""):
    fields = {"csrf": browser.csrf, "is_agreed": is_agreed, "note": note}
    return browser.post(f"/reveals/{reveal_id}/answer", data=fields)


def look(browser, reveal_id: str):
    return browser.post(f"/reveals/{reveal_id}", data={"csrf": browser.csrf})


def test_after_a_second_persons_yes_the_one_who_asked_reads_the_id(console, pseudonym):
    ops, officer = console.client(Role.OPERATIONS), console.client(Role.PRIVACY_OFFICER)
    reveal_id = ask(ops, pseudonym)
    assert look(ops, reveal_id).status_code == 422
    assert agree(officer, reveal_id).status_code == 303
    page = look(ops, reveal_id)
    assert f"<strong>{WORKERS[0]}</strong>" in page.text
    assert page.headers["cache-control"] == "no-store"


def test_nobody_else_reads_it_not_even_who_agreed(console, pseudonym):
    ops, officer = console.client(Role.OPERATIONS), console.client(Role.PRIVACY_OFFICER)
    reveal_id = ask(ops, pseudonym)
    agree(officer, reveal_id)
    for other in (officer, console.client(Role.OPERATIONS, "other")):
        answer = look(other, reveal_id)
        assert answer.status_code == 422
        assert WORKERS[0] not in answer.text


def test_nobody_says_yes_to_oneself(console, pseudonym):
    officer = console.client(Role.PRIVACY_OFFICER)
    reveal_id = ask(officer, pseudonym)
    assert agree(officer, reveal_id).status_code == 403
    assert agree(console.client(Role.PRIVACY_OFFICER, "second"), reveal_id).status_code == 303
    assert look(officer, reveal_id).status_code == 200


def test_a_no_is_final_and_needs_a_reason(console, pseudonym):
    ops, officer = console.client(Role.OPERATIONS), console.client(Role.PRIVACY_OFFICER)
    reveal_id = ask(ops, pseudonym)
    assert agree(officer, reveal_id, "false").status_code == 422
    assert agree(officer, reveal_id, "false", "not needed for that").status_code == 303
    assert agree(officer, reveal_id).status_code == 422
    assert look(ops, reveal_id).status_code == 422


def test_it_is_over_after_some_hours(console, clock, pseudonym):
    ops, officer = console.client(Role.OPERATIONS), console.client(Role.PRIVACY_OFFICER)
    reveal_id = ask(ops, pseudonym)
    agree(officer, reveal_id)
    clock.advance(hours=8)
    ops = console.client(Role.OPERATIONS)
    assert look(ops, reveal_id).status_code == 422
    assert ops.get("/reveals.json").json()["reveals"][0]["state"] == "expired"


def test_every_step_and_every_look_is_logged_without_the_id(console, pseudonym):
    ops, officer = console.client(Role.OPERATIONS), console.client(Role.PRIVACY_OFFICER)
    reveal_id = ask(ops, pseudonym)
    agree(officer, reveal_id)
    look(ops, reveal_id)
    look(ops, reveal_id)
    page = console.client(Role.ADMIN).get("/audit-log.json")
    actions = [row["action"] for row in page.json()["entries"]]
    assert actions == ["revealed", "revealed", "reveal_agreed", "reveal_requested"]
    assert WORKERS[0] not in page.text


@pytest.mark.parametrize(("pseudonym", "status"), [("W0001", 422), ("A-AAAAAAAAAA", 404), ("", 422)])
def test_only_a_ranked_agents_pseudonym_can_be_asked_for(console, pseudonym, status):
    ops = console.client(Role.OPERATIONS)
    answer = ops.post("/reveals", data={"csrf": ops.csrf, "pseudonym": pseudonym, "reason": REASON})
    assert answer.status_code == status


def test_a_word_is_no_reason(console, pseudonym):
    ops = console.client(Role.OPERATIONS)
    assert ops.post("/reveals", data={"csrf": ops.csrf, "pseudonym": pseudonym, "reason": "because"}).status_code == 422


def test_no_page_but_the_reveal_itself_names_anybody(console, pseudonym):
    ops, officer = console.client(Role.OPERATIONS), console.client(Role.PRIVACY_OFFICER)
    agree(officer, ask(ops, pseudonym))
    for path in ("/reveals", "/decisions", f"/decisions/agent/{pseudonym}"):
        assert WORKERS[0] not in ops.get(path).text


def test_only_reveals_and_the_delivery_open_the_identities():
    from tests.conventions.test_borders import importers_of

    assert importers_of("preaudit.identities") == {
        "console/decisions/delivery.py",
        "console/reveals/reveals.py",
        "preaudit/snapshot.py",
    }
