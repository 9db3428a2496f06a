"""`preaudit audit` as a person types it: its files, its requests, and questions it refuses."""

import csv
import json

import pytest

from console.group import run_app
from preaudit.audit.period import parse_period
from preaudit.cli import app
from preaudit.errors import PreauditError
from preaudit.settings import get_settings
from tests.preaudit.audit_world import add_items, make_audit_world
from tests.preaudit.evidence_world import IDENTITIES, change

WEEK = "2026-01-05..2026-01-09"


@pytest.fixture
def settings(tmp_path, monkeypatch):
    made = make_audit_world(tmp_path / "home")
    change(
        made,
        "update seeds.control_library set hipaa = case control_id when 'SEC-02' then '164.312(d)'"
        " when 'JML-01' then '164.308(a)(3)' end",
    )
    monkeypatch.setenv("PREAUDIT_HOME", str(made.home))
    get_settings.cache_clear()
    yield made
    get_settings.cache_clear()


def call(*arguments: str) -> int:
    """The exit code of the command."""
    try:
        return run_app(app, ["audit", *arguments])
    except SystemExit as ended:
        return int(ended.code or 0)


def document(settings) -> dict:
    (path,) = settings.home.glob("audits/*/audit.json")
    return json.loads(path.read_text())


def test_an_audit_writes_a_page_a_document_and_its_lists_and_says_where(settings, capsys):
    add_items(settings, 1, 300)
    assert call("--framework", "hipaa", "--period", WEEK, "--seed", "3") == 0
    said = capsys.readouterr().out
    assert "hipaa_2026-01-05_2026-01-09_seed3" in said.replace("\n", "")
    assert "164.312(d) met 25 0 / 0 8.8 % 0 SEC-02" in " ".join(said.split())
    made = document(settings)
    met, untested = sorted(made["criteria"], key=lambda row: row["conclusion"])
    assert (met["reference_id"], met["conclusion"], met["sampled"]) == ("164.312(d)", "met", 25)
    assert (untested["reference_id"], untested["conclusion"]) == ("164.308(a)(3)", "no_conclusion")
    (folder,) = settings.home.glob("audits/*")
    assert {path.name for path in folder.iterdir()} == {
        *("audit.html", "audit.json", "criteria.csv", "controls.csv", "sample.csv", "requests.csv")
    }
    with (folder / "sample.csv").open() as stream:
        assert len(list(csv.DictReader(stream))) == 25
    page = (folder / "audit.html").read_text()
    assert "<script" not in page
    assert "src=" not in page
    assert "8.8 %" in page


def test_the_same_question_and_seed_give_the_same_bytes(settings, tmp_path):
    add_items(settings, 1, 300)
    add_items(settings, 301, 330, "true")
    for name in ("one", "two"):
        assert call("--framework", "hipaa", "--period", WEEK, "--out", str(tmp_path / name)) == 0
    one, two = ({path.name: path.read_bytes() for path in (tmp_path / name).iterdir()} for name in ("one", "two"))
    assert one == two


def test_deviations_missing_days_refused_files_and_waivers_are_asked_for(settings):
    add_items(settings, 1, 3, "true")
    add_items(settings, 4, 5, "null", day="2026-01-06")
    change(
        settings,
        "update marts.fct_control_days set is_evaluable = false, status_reason = 'feed auth_events was refused'"
        " where on_date = '2026-01-08'",
    )
    change(
        settings,
        "insert into seeds.waivers values"
        " ('SEC-02', 'agent', 'W0001', 'K1', 'known', 'Jo Doe', '2026-01-01', '2026-02-01'),"
        " ('SEC-02', 'agent', 'W00012', null, 'old', 'Jo Doe', '2026-01-01', '2026-02-01')",
    )
    call("--framework", "hipaa", "--period", WEEK)
    asked = [(row["kind"], row["text"]) for row in document(settings)["requests"] if row["control_id"] == "SEC-02"]
    assert sorted(kind for kind, _ in asked) == [
        *("deviation",) * 3,
        *("missing_data", "refused_file", "unjudged_items", "unmatched_waiver", "waiver_approval"),
    ]
    texts = dict(asked)
    assert "1 day(s) from 2026-01-08 to 2026-01-08: feed auth_events was refused." in texts["missing_data"]
    assert "canonical/2026-01-08/auth_events.csv" in texts["refused_file"]
    assert "(2 in all): " in texts["unjudged_items"]
    assert "Approver: Jo Doe. Reason: known." in texts["waiver_approval"]


def test_no_file_of_an_audit_names_anybody(settings, tmp_path):
    add_items(settings, 1, 30, "true")
    change(
        settings,
        "insert into seeds.waivers values"
        " ('SEC-02', 'agent', 'W0001', 'K1', 'W0001 asked', 'anna@example.com', '2026-01-01', '2026-02-01')",
    )
    call("--framework", "hipaa", "--period", WEEK, "--out", str(tmp_path / "out"))
    for path in (tmp_path / "out").iterdir():
        text = path.read_text()
        assert not [identity for identity in IDENTITIES if identity in text], path.name


def test_days_that_nobody_ran_are_no_clean_population(settings):
    add_items(settings, 1, 300)
    call("--framework", "hipaa", "--period", "2026-Q1")
    (tested,) = (row for row in document(settings)["controls"] if row["control_id"] == "SEC-02")
    assert tested["verdict"]["conclusion"] == "met_with_limits"
    assert (tested["completeness"]["days"], tested["completeness"]["days_not_evaluable"]) == (90, 85)


def test_a_period_of_which_no_day_was_tested_is_refused_with_the_days_that_were(settings, capsys):
    assert call("--framework", "hipaa", "--period", "2027-Q1") == 1
    said = capsys.readouterr().err
    assert "No day was tested: 2027-01-01 to 2027-03-31." in said
    assert "Tested are 2026-01-05 to 2026-01-09" in said
    assert not (settings.home / "audits").exists()


def test_a_quarter_and_two_days_are_periods_and_nothing_else_is():
    assert str(parse_period("2026-Q3")) == "2026-07-01 to 2026-09-30"
    assert str(parse_period("2024-q1")) == "2024-01-01 to 2024-03-31"
    assert str(parse_period("2026-02-03..2026-02-03")) == "2026-02-03"
    for text, words in (
        ("2026", "no period"),
        ("2026-02-30..2026-03-01", "no such day"),
        ("2026-02-02..2026-02-01", "ends before"),
    ):
        with pytest.raises(PreauditError, match=words):
            parse_period(text)


def test_an_unknown_framework_is_refused_with_the_known_ones(settings, capsys):
    assert call("--framework", "sox", "--period", WEEK) == 1
    assert "soc2" in capsys.readouterr().err


def test_rows_that_do_not_add_up_are_to_be_explained_and_limit_the_verdict(settings):
    add_items(settings, 1, 300)
    change(settings, "update ops.deliveries set rows_accepted = 47 where delivery_id = 2")
    change(settings, "delete from controls.ctl_sec_02 where item_key = 'K300'")
    call("--framework", "hipaa", "--period", WEEK)
    made = document(settings)
    texts = [row["text"] for row in made["requests"] if row["kind"] == "reconciliation" and row["control_id"] == "SEC-02"]
    assert texts == [
        "Explain why delivered rows are unaccounted for.",
        "Explain why tested items do not add up to the recorded results.",
    ]
    (tested,) = (row for row in made["controls"] if row["control_id"] == "SEC-02")
    assert tested["verdict"]["conclusion"] == "met_with_limits"
