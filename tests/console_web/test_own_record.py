"""A worker's own record: all about oneself, nothing about anybody else, by a link that cannot be forged; and contesting it."""

import json
import re
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import text

from console.access.roles import Role, Scope
from console.store.decisions import Decision
from preaudit.pseudonyms import load_pseudonyms
from tests.console.published_fixture import WORKERS
from tests.console_web.conftest import Console, home_beside

WORDS = "The training was done on the third; the certificate is in my inbox."


@pytest.fixture
def officer(console):
    return console.client(Role.PRIVACY_OFFICER)


@pytest.fixture
def pseudonyms(console) -> dict[str, str]:
    known = load_pseudonyms(console.settings)
    return {worker: known.agent(worker) for worker in WORKERS}


def issue(officer, worker: str = WORKERS[0]) -> str:
    page = officer.post("/own-records", data={"csrf": officer.csrf, "worker_id": worker})
    assert page.status_code == 200, page.text
    return re.search(r"<code>http://console.test(/own-record/[^<]+)</code>", page.text)[1]


def contest(console, path: str, statement: str = WORDS, control_id: str = ""):
    return console.browser().post(f"{path}/contest", data={"statement": statement, "control_id": control_id})


def actions(console) -> list[str]:
    return [row["action"] for row in console.client(Role.ADMIN).get("/audit-log.json").json()["entries"]]


def test_the_link_opens_the_record_without_an_account(console, officer):
    page = console.browser().get(issue(officer))
    assert page.status_code == 200
    assert "2 trainings overdue; usual is 0" in page.text
    assert page.headers["cache-control"] == "no-store"


def test_the_record_has_what_is_published_about_this_worker_and_its_twin_has_the_same(console, officer, pseudonyms):
    twin = console.browser().get(f"{issue(officer)}.json").json()
    entity = console.client(Role.VIEWER).get(f"/agents/{pseudonyms[WORKERS[0]]}.json").json()
    assert len(twin["published"]["failures"]) == entity["failures"]["total"] > 0
    for key in ("standing", "controls", "statuses"):
        assert twin["published"][key] == json.loads(json.dumps(entity[key]).replace(pseudonyms[WORKERS[0]], "you"))


def test_the_record_names_no_agent_and_nobody_who_decided(console, officer, pseudonyms):
    olga = console.client(Role.OPERATIONS, "olga")
    decision = {
        "csrf": olga.csrf,
        "kind": "dismissed",
        "reason_code": "data_error",
        "note": f"a note on {pseudonyms[WORKERS[1]]}",
    }
    assert olga.post(f"/decisions/agent/{pseudonyms[WORKERS[0]]}", data=decision).status_code == 303
    path = issue(officer)
    for answer in (console.browser().get(path), console.browser().get(f"{path}.json")):
        assert "a note on another agent" in answer.text
        assert "olga" not in answer.text
        assert [known for known in (*pseudonyms.values(), *WORKERS) if known in answer.text] == []


def test_the_record_has_decisions_and_who_asked_who_it_is(console, officer, pseudonyms):
    ops = console.client(Role.OPERATIONS)
    agent = pseudonyms[WORKERS[0]]
    ops.post(f"/decisions/agent/{agent}", data={"csrf": ops.csrf, "kind": "acknowledged", "note": "seen in the morning"})
    ops.post("/reveals", data={"csrf": ops.csrf, "pseudonym": agent, "reason": "to offer a coaching talk"})
    record = console.browser().get(f"{issue(officer)}.json").json()
    assert [(row["kind"], row["note"]) for row in record["decisions"]] == [("acknowledged", "seen in the morning")]
    assert [(row["reason"], row["state"]) for row in record["reveals"]] == [("to offer a coaching talk", "waiting")]


def test_every_opening_is_logged_and_the_log_does_not_tell_whose_it_was(console, officer, pseudonyms):
    path = issue(officer)
    console.browser().get(path)
    console.browser().get(f"{path}.json")
    assert actions(console)[:3] == ["own_record_opened", "own_record_opened", "own_record_issued"]
    for page in ("/audit-log.json", "/own-records.json"):
        told = officer.get(page).text
        assert not any(known in told for known in (*pseudonyms.values(), *WORKERS))


@pytest.mark.parametrize("change", [lambda token: token[:-1] + ("A" if token[-1] != "A" else "B"), lambda token: "x" + token])
def test_a_changed_link_opens_nothing(console, officer, change):
    assert console.browser().get(change(issue(officer)[len("/own-record/") :]).join(("/own-record/", ""))).status_code == 404


def test_a_link_opens_one_record_whatever_the_store_says(console, officer, pseudonyms):
    path = issue(officer)
    with console.store.writing() as db:
        db.execute(text("update own_record_links set pseudonym = :other"), {"other": pseudonyms[WORKERS[1]]})
    assert console.browser().get(path).status_code == 404


def test_a_link_made_later_in_the_store_is_over_when_its_signature_says(console, officer, clock):
    path = issue(officer)
    with console.store.writing() as db:
        db.execute(text("update own_record_links set expires_at = '2099-01-01 00:00:00.000000'"))
    clock.advance(days=14)
    assert console.browser().get(path).status_code == 404


def test_a_link_expires(console, officer, clock):
    path = issue(officer)
    clock.advance(days=13, hours=23)
    assert console.browser().get(path).status_code == 200
    clock.advance(hours=1)
    assert console.browser().get(path).status_code == 404
    assert contest(console, path).status_code == 404


def test_a_revoked_link_opens_nothing(console, officer):
    path = issue(officer)
    link_id = officer.get("/own-records.json").json()["links"][0]["link_id"]
    assert officer.post(f"/own-records/{link_id}/revoke", data={"csrf": officer.csrf}).status_code == 303
    assert console.browser().get(path).status_code == 404
    assert officer.get("/own-records.json").json()["links"][0]["state"] == "revoked"


def test_a_link_of_another_home_opens_nothing(console, officer, published_home, tmp_path, clock):
    path = issue(officer)
    settings = home_beside(published_home, tmp_path / "other")
    (settings.home / "pseudonym.key").unlink()
    (settings.home / "pseudonym.key").write_bytes(b"k" * 32)
    other = Console(settings, clock)
    answer = other.browser().get(path)
    other.store.close()
    assert answer.status_code == 404


def test_nothing_held_is_said_so_and_no_link_is_made(console, officer):
    answer = officer.post("/own-records", data={"csrf": officer.csrf, "worker_id": "W9999"})
    assert answer.status_code == 404
    assert officer.get("/own-records.json").json()["links"] == []


def test_an_officer_of_another_client_makes_no_link(console):
    limited = console.client(Role.PRIVACY_OFFICER, "limited", Scope(clients=frozenset({"elsewhere"})))
    answer = limited.post("/own-records", data={"csrf": limited.csrf, "worker_id": WORKERS[0]})
    assert answer.status_code == 404


def test_somebody_who_left_still_reads_what_was_decided(console, officer):
    """Published days without the worker: the record holds what the console keeps."""
    decision = Decision(
        decision_id="d1",
        entity_kind="agent",
        entity_id=load_pseudonyms(console.settings).agent("W7777"),
        kind="acknowledged",
        decided_by="olga",
        decided_at=datetime(2025, 6, 1, 8, 0, tzinfo=UTC),
        as_of_on=date(2025, 5, 31),
        is_listed=True,
        note="long ago",
    )
    with console.store.writing() as db:
        db.add(decision)
    page = console.browser().get(issue(officer, "W7777"))
    assert "long ago" in page.text
    assert "Nothing about you is published at present." in page.text


def test_what_is_contested_reaches_the_officer_and_the_answer_reaches_the_worker(console, officer, pseudonyms):
    path = issue(officer)
    assert contest(console, path, control_id="DG-01").headers["location"] == f"{path}#contests"
    (row,) = officer.get("/own-records.json").json()["contests"]
    assert (row["pseudonym"], row["control_id"], row["statement"]) == (pseudonyms[WORKERS[0]], "DG-01", WORDS)
    assert row["answer_by"] == "2026-03-03"
    fields = {"csrf": officer.csrf, "outcome": "corrected", "words": "HR delivers the certificate tomorrow."}
    assert officer.post(f"/own-records/contests/{row['contest_id']}", data=fields).status_code == 303
    page = console.browser().get(path).text
    assert "agreed: it will be corrected" in page
    assert "HR delivers the certificate tomorrow." in page
    assert "privacy_officer.person" not in page
    assert officer.post(f"/own-records/contests/{row['contest_id']}", data=fields).status_code == 422


def test_whoever_decides_sees_that_it_is_contested_until_it_is_answered(console, officer, pseudonyms):
    path, page = issue(officer), f"/decisions/agent/{pseudonyms[WORKERS[0]]}"
    ops = console.client(Role.OPERATIONS)
    assert "Contested by the agent" not in ops.get(page).text
    contest(console, path)
    assert "Contested by the agent since 2026-02-01 09:00 UTC;" in ops.get(page).text
    (row,) = officer.get("/own-records.json").json()["contests"]
    fields = {"csrf": officer.csrf, "outcome": "stands", "words": "The certificate is of another course."}
    officer.post(f"/own-records/contests/{row['contest_id']}", data=fields)
    assert "Contested by the agent" not in ops.get(page).text


@pytest.mark.parametrize("statement", ["", "wrong", "x" * 4001])
def test_words_too_few_or_too_many_are_refused(console, officer, statement):
    assert contest(console, issue(officer), statement).status_code == 422
    assert officer.get("/own-records.json").json()["contests"] == []


def test_a_link_in_wrong_hands_cannot_fill_the_store(console, officer):
    path = issue(officer)
    assert [contest(console, path).status_code for _ in range(6)] == [303] * 5 + [422]
    assert contest(console, issue(officer)).status_code == 422


def test_another_sites_form_cannot_contest(console, officer):
    answer = console.browser().post(
        f"{issue(officer)}/contest", data={"statement": WORDS}, headers={"origin": "https://evil.example"}
    )
    assert answer.status_code == 403


def test_what_a_worker_writes_stays_text(console, officer):
    path = issue(officer)
    contest(console, path, "<script>alert(1)</script> and more")
    for page in (console.browser().get(path).text, officer.get("/own-records").text):
        assert "<script>" not in page
        assert "&lt;script&gt;" in page
