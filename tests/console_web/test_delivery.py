"""The feed of decisions: what is over is delivered once, with true ids and without names or words of people."""

import csv
import time

import pytest

from console.access.roles import Role
from console.decisions.delivery import COLUMNS, deliver
from preaudit.errors import PreauditError
from preaudit.pseudonyms import load_pseudonyms
from tests.console.published_fixture import WORKERS

NOTE = "words that stay here"


@pytest.fixture
def agent(console) -> str:
    from preaudit.snapshot import read_current

    return read_current(console.settings).frame("rankings").filter(entity_kind="agent", rank=1)["entity_id"][0]


def decide(console, address: str, name: str = "ana", **fields: str) -> None:
    ops = console.client(Role.OPERATIONS, name)
    answer = ops.post(f"/decisions/{address}", data={"csrf": ops.csrf, "kind": "acknowledged", "note": NOTE, **fields})
    assert answer.status_code == 303


def delivered(console) -> dict[str, list[dict[str, str]]]:
    found = {}
    for path in sorted((console.settings.landing / "console").glob("*/decisions.csv")):
        with path.open(encoding="utf-8") as stream:
            found[path.parent.name] = list(csv.DictReader(stream))
    return found


def deliver_now(console) -> list[str]:
    return [path.parent.name for path in deliver(console.settings, console.store, console.clock())]


def test_a_day_is_delivered_when_it_is_over_and_once(console, clock, agent):
    decide(console, f"agent/{agent}")
    assert deliver_now(console) == []
    clock.advance(days=1)
    assert deliver_now(console) == ["2026-02-01"]
    decide(console, f"agent/{agent}")
    assert deliver_now(console) == []
    clock.advance(days=1)
    assert deliver_now(console) == ["2026-02-02"]
    assert {day: len(rows) for day, rows in delivered(console).items()} == {"2026-02-01": 1, "2026-02-02": 1}


def test_the_pipeline_gets_the_true_id_and_nobodys_words(console, clock, agent):
    decide(console, f"agent/{agent}", kind="escalated", owner="Berta Boss")
    decide(console, "process/P01")
    clock.advance(days=1)
    deliver_now(console)
    text = (console.settings.landing / "console/2026-02-01/decisions.csv").read_text(encoding="utf-8")
    assert not any(word in text for word in ("ana", "Berta", NOTE, agent))
    rows = {row["entity_kind"]: row for row in delivered(console)["2026-02-01"]}
    assert tuple(rows["agent"]) == COLUMNS
    worker = {load_pseudonyms(console.settings).agent(worker): worker for worker in WORKERS}[agent]
    assert rows["agent"]["entity_id"] == worker
    assert (rows["process"]["entity_id"], rows["process"]["decided_at"]) == ("P01", "2026-02-01T09:00:00+00:00")


def test_a_waiver_is_delivered_for_the_day_of_the_yes_and_a_refused_one_never(console, clock, agent):
    control = console.client(Role.VIEWER).get(f"/decisions/agent/{agent}.json").json()["entity"]["controls"][0]
    fields = {"kind": "waived", "control_id": control, "reason_code": "accepted_risk", "expires_on": "2026-06-30"}
    decide(console, f"agent/{agent}", **fields)
    decide(console, f"agent/{agent}", **fields)
    clock.advance(days=1)
    assert deliver_now(console) == []
    ben = console.client(Role.OPERATIONS, "ben")
    yes, no = [row["decision_id"] for row in ben.get("/decisions.json").json()["waiting"]]
    ben.post(f"/waivers/{yes}", data={"csrf": ben.csrf, "is_yes": "true"})
    ben.post(f"/waivers/{no}", data={"csrf": ben.csrf, "is_yes": "false", "note": "no"})
    clock.advance(days=1)
    assert deliver_now(console) == ["2026-02-02"]
    assert [row["decision_id"] for row in delivered(console)["2026-02-02"]] == [yes]


def test_without_identities_nothing_is_written_and_nothing_is_lost(console, clock, agent, tmp_path):
    decide(console, f"agent/{agent}")
    clock.advance(days=1)
    empty = console.settings.model_copy(update={"home": tmp_path / "empty"})
    with pytest.raises(PreauditError, match="No identities were published"):
        deliver(empty, console.store, clock())
    assert delivered(console) == {}
    assert deliver_now(console) == ["2026-02-01"]


def test_the_file_does_not_look_as_if_it_were_still_copied(console, clock, agent):
    decide(console, f"agent/{agent}")
    clock.advance(days=1)
    (path,) = deliver(console.settings, console.store, clock())
    assert time.time() - path.stat().st_mtime > console.settings.settle_seconds


def test_a_run_goes_on_without_a_store_that_cannot_be_read_and_says_so(tmp_path, capsys):
    from orchestration.commands import deliver_decisions
    from preaudit.settings import Settings

    settings = Settings(home=tmp_path, landing=tmp_path)
    deliver_decisions(settings)
    assert capsys.readouterr().err == ""
    settings.console_home.mkdir()
    (settings.console_home / "console.db").write_bytes(b"this is no database" * 100)
    deliver_decisions(settings)
    assert "were not delivered" in capsys.readouterr().err
