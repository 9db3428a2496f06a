"""OCSF Compliance Findings: what a SIEM is told of a day."""

import json

import pytest

from preaudit.exports.ocsf import CHANGES, events, to_lines
from preaudit.snapshot import publish, read_current
from preaudit.warehouse import writing
from tests.console.published_fixture import DAY, IDENTITIES, NEXT_DAY

REQUIRED = {
    "activity_id",
    "category_uid",
    "class_uid",
    "compliance",
    "finding_info",
    "metadata",
    "severity_id",
    "time",
    "type_uid",
}
CLOSING = {"fixed", "gone", "passed_again"}


def published(settings, day=DAY):
    publish(settings, day, {"run_id": "r"})
    return read_current(settings)


def with_change(settings, change: str, status: str):
    """The day's events where the process's finding of HR-02 changed so."""
    with writing(settings) as connection:
        connection.execute(
            "update marts.mart_control_changes set change = ?, status = ? where control_id = 'HR-02' and entity_id = 'P01'",
            [change, status],
        )
    return [event for event in events(published(settings)) if event["resources"][0]["uid"] == "P01"]


def test_every_finding_that_began_goes_on_or_ended_is_one_event(settings):
    found = {
        (event["compliance"]["control"], event["resources"][0]["type"], event["status_detail"]): event["activity_name"]
        for event in events(published(settings))
    }
    assert found == {
        ("HR-02", "agent", "newly_failing"): "Create",
        ("HR-02", "agent", "fixed"): "Close",
        ("HR-02", "process", "still_failing"): "Update",
        ("OPS-04", "agent", "still_failing"): "Update",
        ("OPS-04", "process", "newly_failing"): "Create",
    }


def test_an_event_has_what_the_class_requires(settings):
    for event in events(published(settings)):
        assert event.keys() >= REQUIRED
        assert (event["class_uid"], event["category_uid"]) == (2003, 2)
        assert event["type_uid"] == 200300 + event["activity_id"]
        assert event["metadata"]["version"] == "1.5.0"
        assert event["metadata"]["product"]["name"]
        assert event["finding_info"]["uid"]


def test_it_says_which_control_failed_by_which_standards_and_how_grave_that_is(settings):
    (event,) = with_change(settings, "still_failing", "fail")[:1]
    assert event["compliance"] == {
        "control": "HR-02",
        "status_id": 3,
        "status": "Fail",
        "status_detail": "P01 is late",
        "standards": ["SOC 2", "ISO/IEC 27001:2022"],
        "requirements": ["SOC 2: CC1.4", "ISO/IEC 27001:2022: A.6.3"],
    }
    assert (event["severity_id"], event["severity"]) == (4, "High")
    assert event["resources"] == [{"uid": "P01", "name": "Claims intake", "type": "process"}]
    assert event["remediation"] == {"desc": "Do it."}


@pytest.mark.parametrize(
    ("change", "status", "activity", "lifecycle"),
    [
        ("now_waived", "waived", "Update", "Suppressed"),
        ("gone", "not_applicable", "Close", "Resolved"),
        ("passed_again", "pass", "Close", "Archived"),
    ],
)
def test_a_finding_ends_only_where_something_was_tested(settings, change, status, activity, lifecycle):
    event = with_change(settings, change, status)[0]
    assert (event["activity_name"], event["status"]) == (activity, lifecycle)
    assert event["compliance"]["status"] != "Fail"


@pytest.mark.parametrize("change", ["unknown", "not_tested"])
def test_missing_data_closes_nothing(settings, change):
    assert change not in CHANGES
    assert [event["compliance"]["control"] for event in with_change(settings, change, "not_evaluable")] == ["OPS-04"]


def test_a_finding_keeps_its_uid_from_day_to_day_and_every_event_has_its_own(settings):
    first = events(published(settings))
    with writing(settings) as connection:
        for table in ("mart_control_changes", "mart_control_status", "fct_control_results", "fct_control_days"):
            connection.execute(f"update marts.{table} set on_date = ?", [NEXT_DAY])
        connection.execute("update marts.rank_entities set as_of_on = ?", [NEXT_DAY])
    second = events(published(settings, NEXT_DAY))
    assert [event["finding_info"]["uid"] for event in first] == [event["finding_info"]["uid"] for event in second]
    uids = [event["metadata"]["uid"] for event in (*first, *second)]
    assert len(set(uids)) == len(uids) == 10
    assert second[0]["time"] - first[0]["time"] == 24 * 60 * 60 * 1000


def test_the_same_snapshot_gives_the_same_lines_of_json_and_names_nobody(settings):
    snapshot = published(settings)
    text = to_lines(events(snapshot))
    assert text == to_lines(events(snapshot))
    assert len([json.loads(line) for line in text.splitlines()]) == 5
    assert not [identity for identity in IDENTITIES if identity in text]
