"""Decisions: what each needs, who may, and what is seen of them."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from console.access.roles import Role, Scope

PLAN = {"kind": "planned", "action_kind": "training", "owner": "Team lead 3", "due_on": "2026-02-10"}
WAIVER = {
    "kind": "waived",
    "control_id": "ACC-02",
    "reason_code": "accepted_risk",
    "note": "migration",
    "expires_on": "2026-06-30",
}


@pytest.fixture
def entity(console) -> str:
    """The address of the first-ranked agent's decisions."""
    from preaudit.snapshot import read_current

    ranking = read_current(console.settings).frame("rankings")
    agent = ranking.filter(entity_kind="agent", rank=1)["entity_id"][0]
    return f"/decisions/agent/{agent}"


@pytest.fixture
def waiver(console, entity) -> dict[str, str]:
    controls = console.client(Role.VIEWER).get(f"{entity}.json").json()["entity"]["controls"]
    return WAIVER | {"control_id": controls[0]}


def decide(browser, address: str, fields: dict[str, str]):
    return browser.post(address, data={"csrf": browser.csrf, **fields})


def states(browser, address: str) -> list[tuple[str, str]]:
    return [(row["kind"], row["state"]) for row in browser.get(f"{address}.json").json()["history"]]


@pytest.mark.parametrize(
    "fields",
    [
        {"kind": "acknowledged"},
        PLAN,
        {"kind": "dismissed", "reason_code": "data_error"},
        {"kind": "escalated", "owner": "Head of operations"},
    ],
    ids=lambda fields: fields["kind"],
)
def test_a_decision_is_kept_with_who_when_and_on_which_list(console, entity, fields):
    ops = console.client(Role.OPERATIONS)
    assert decide(ops, entity, fields).status_code == 303
    (row,) = ops.get(f"{entity}.json").json()["history"]
    assert (row["kind"], row["decided_by"], row["as_of_on"], row["rank"]) == (
        fields["kind"],
        "operations.person",
        "2026-01-31",
        1,
    )
    assert row["decided_at"] == "2026-02-01T09:00:00+00:00"


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"kind": "planned"}, "needs a kind of action and an owner and a due date"),
        (PLAN | {"due_on": "2026-01-31"}, "due in the past"),
        (PLAN | {"due_on": "tomorrow"}, "is no day"),
        (PLAN | {"action_kind": "magic"}, "no such kind of action"),
        (PLAN | {"control_id": "NONE-01"}, "does not judge"),
        ({"kind": "dismissed"}, "needs a reason"),
        ({"kind": "dismissed", "reason_code": "because"}, "no such reason"),
        ({"kind": "escalated"}, "needs somebody"),
        (WAIVER | {"note": ""}, "needs an explanation"),
        (WAIVER | {"expires_on": "2026-02-01"}, "expired already"),
        (WAIVER | {"expires_on": "2028-01-01"}, "a year at the most"),
        ({"kind": "acted", "closes_id": "none"}, "no such planned action"),
        ({"kind": "forgotten"}, "kind"),
        ({"kind": "acknowledged", "note": "x" * 2001}, "2001 characters"),
    ],
)
def test_a_decision_that_lacks_something_is_refused_and_not_kept(console, entity, fields, words):
    ops = console.client(Role.OPERATIONS)
    answer = decide(ops, entity, fields)
    assert answer.status_code == 422
    assert words in answer.text
    assert states(ops, entity) == []


def test_an_entity_that_is_not_ranked_is_not_decided_on(console):
    ops = console.client(Role.OPERATIONS)
    assert decide(ops, "/decisions/agent/W0001", {"kind": "acknowledged"}).status_code == 404
    assert decide(ops, "/decisions/team/T1", {"kind": "acknowledged"}).status_code == 404


def test_an_action_is_open_then_overdue_then_done(console, clock, entity):
    ops = console.client(Role.OPERATIONS)
    decide(ops, entity, PLAN)
    assert states(ops, entity) == [("planned", "open")]
    clock.advance(days=10)
    ops = console.client(Role.OPERATIONS)
    assert states(ops, entity) == [("planned", "overdue")]
    overdue = ops.get("/decisions.json").json()["overdue"]
    assert "Overdue actions" in ops.get("/decisions").text
    done = {"kind": "acted", "closes_id": overdue[0]["decision_id"], "note": "two hours of training"}
    assert decide(ops, entity, done).status_code == 303
    assert states(ops, entity) == [("acted", "taken"), ("planned", "done")]
    assert decide(ops, entity, done).status_code == 409


def test_a_waiver_waits_for_a_second_person_and_expires(console, clock, entity, waiver):
    ana, ben = console.client(Role.OPERATIONS, "ana"), console.client(Role.OPERATIONS, "ben")
    decide(ana, entity, waiver)
    assert states(ana, entity) == [("waived", "waiting")]
    address = f"/waivers/{ana.get('/decisions.json').json()['waiting'][0]['decision_id']}"
    assert ana.post(address, data={"csrf": ana.csrf, "is_yes": "true"}).status_code == 403
    assert ben.post(address, data={"csrf": ben.csrf, "is_yes": "true"}).status_code == 303
    assert ben.post(address, data={"csrf": ben.csrf, "is_yes": "false", "note": "no"}).status_code == 409
    assert states(ana, entity) == [("waived", "agreed")]
    clock.advance(days=150)
    assert states(console.client(Role.OPERATIONS, "ana"), entity) == [("waived", "expired")]


def test_a_refused_waiver_says_why(console, entity, waiver):
    ana, officer = console.client(Role.OPERATIONS, "ana"), console.client(Role.PRIVACY_OFFICER)
    decide(ana, entity, waiver)
    address = f"/waivers/{ana.get('/decisions.json').json()['waiting'][0]['decision_id']}"
    assert officer.post(address, data={"csrf": officer.csrf, "is_yes": "false"}).status_code == 422
    assert officer.post(address, data={"csrf": officer.csrf, "is_yes": "false", "note": "fix it"}).status_code == 303
    assert states(ana, entity) == [("waived", "refused")]
    assert "fix it" in ana.get(entity).text


def test_a_viewer_reads_decisions_and_has_no_form(console, entity):
    page = console.client(Role.VIEWER).get(entity).text
    assert "<form" not in page.split("<main")[1]
    assert "Plan an action" in console.client(Role.OPERATIONS).get(entity).text


def test_a_person_with_a_scope_decides_on_nothing_the_snapshot_does_not_place(console, entity):
    ops = console.client(Role.OPERATIONS, "local", Scope(sites=frozenset({"Riga"})))
    assert decide(ops, entity, {"kind": "acknowledged"}).status_code == 404
    assert ops.get("/decisions.json").json()["total"] == 0


def test_the_history_cannot_be_rewritten(console, entity):
    decide(console.client(Role.OPERATIONS), entity, {"kind": "acknowledged"})
    for statement in ("update decisions set kind = 'dismissed'", "delete from decisions"):
        with pytest.raises(DatabaseError, match="append-only"), console.store.writing() as db:
            db.execute(text(statement))


def test_a_decision_cannot_be_replaced_either(console, entity):
    decide(console.client(Role.OPERATIONS), entity, {"kind": "acknowledged"})
    with console.store.reading() as db:
        columns = [row[1] for row in db.execute(text("pragma table_info(decisions)"))]
    picked = ", ".join("'eve'" if column == "decided_by" else column for column in columns)
    with pytest.raises(DatabaseError, match="append-only"), console.store.writing() as db:
        db.execute(text(f"insert or replace into decisions select {picked} from decisions"))


def test_what_people_type_stays_text(console, entity):
    ops = console.client(Role.OPERATIONS)
    decide(ops, entity, {"kind": "escalated", "owner": "<script>alert(1)</script>"})
    assert "&lt;script&gt;" in ops.get(entity).text
    assert "<script" not in ops.get(entity).text


def test_every_decision_is_in_the_audit_log(console, entity):
    decide(console.client(Role.OPERATIONS), entity, {"kind": "acknowledged"})
    entries = console.client(Role.ADMIN).get("/audit-log.json").json()["entries"]
    assert (entries[0]["action"], entries[0]["actor"]) == ("decided_acknowledged", "operations.person")
