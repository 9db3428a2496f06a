"""What evidence says of a control: population, results, exceptions, and the files they come from."""

from datetime import date

import pytest

from preaudit.errors import PreauditError
from preaudit.evidence import facts, sources
from preaudit.evidence.facts import Framework, Period
from preaudit.warehouse import reading
from tests.preaudit.evidence_world import WEEK, change, make_world, rows


@pytest.fixture
def settings(tmp_path):
    return make_world(tmp_path / "home")


def test_every_day_of_the_period_has_a_status_and_missing_data_is_never_a_pass(settings):
    found = {row["on_date"].day: row for row in rows(settings, facts.results, "SEC-02", WEEK)}
    assert {day: row["status"] for day, row in found.items()} == {
        5: "fail",
        6: "not_evaluable",
        7: "not_applicable",
        8: "not_evaluable",
        9: "not_evaluable",
    }
    assert (found[5]["population"], found[5]["exceptions"], found[5]["entities"], found[5]["entities_failing"]) == (2, 1, 2, 1)
    assert (found[6]["population"], found[6]["unjudged_items"]) == (0, 1)
    assert found[8]["status_reason"] == "feed auth_events was refused on 2026-01-08"
    assert found[9]["status_reason"] == "no run covered this day"


def test_the_population_counted_from_items_agrees_with_the_results(settings):
    fifth, sixth = rows(settings, facts.population, "SEC-02", WEEK)
    assert (fifth["items"], fifth["judged_items"], fifth["items_in_results"], fifth["exposure"]) == (2, 2, 2, 5.0)
    assert (sixth["items"], sixth["judged_items"], sixth["unjudged_items"]) == (1, 0, 1)
    assert fifth["is_reconciled"]
    assert sixth["is_reconciled"]


def test_an_item_that_was_lost_after_it_was_counted_shows(settings):
    change(settings, "delete from controls.ctl_sec_02 where entity_id = '7' and tested_on = '2026-01-05'")
    assert [row["is_reconciled"] for row in rows(settings, facts.population, "SEC-02", WEEK)] == [False, True]


def test_an_exception_has_its_reason_its_evidence_and_its_first_day(settings):
    (found,) = rows(settings, facts.exceptions, "SEC-02", WEEK)
    assert found["item_key"] == "ACC-W0001-crm|2026-01-05"
    assert found["failed_on"] == date(2026, 1, 2)
    assert found["evidence"] == "auth_events|W0001|2026-01-05"
    assert (found["is_zero_tolerance"], found["is_waived"]) == (True, False)
    assert rows(settings, facts.exceptions, "SEC-02", Period(date(2026, 1, 6), date(2026, 1, 9))) == []


def test_a_waiver_covers_its_exceptions_until_the_day_before_it_expires(settings):
    waiver = "insert into seeds.waivers values ('SEC-02', 'agent', 'W0001', null, 'known', 'Jo Doe', '2026-01-01', '{}')"
    change(settings, waiver.format("2026-01-05"))
    assert [row["is_waived"] for row in rows(settings, facts.exceptions, "SEC-02", WEEK)] == [False]
    assert rows(settings, facts.waivers, "SEC-02", WEEK) == []
    change(settings, waiver.format("2026-01-06"))
    assert [row["is_waived"] for row in rows(settings, facts.exceptions, "SEC-02", WEEK)] == [True]
    assert [row["approver"] for row in rows(settings, facts.waivers, "SEC-02", WEEK)] == ["Jo Doe"]


def test_items_that_could_not_be_judged_are_named_with_the_reason(settings):
    (found,) = rows(settings, facts.unjudged, "SEC-02", WEEK)
    assert (found["reason"], found["items"]) == ("factors are unknown", 1)


def test_a_control_that_nobody_built_has_no_items_and_no_pass(settings):
    assert rows(settings, facts.exceptions, "ACC-01", WEEK) == []
    assert {row["status"] for row in rows(settings, facts.results, "ACC-01", WEEK)} == {"not_evaluable"}


def test_files_are_those_of_the_controls_feeds_known_or_refused_by_the_end_of_the_period(settings):
    found = rows(settings, sources.deliveries, "SEC-02", WEEK)
    assert [(row["delivery_id"], row["status"], row["is_in_period"]) for row in found] == [
        (1, "accepted", False),
        (2, "accepted", True),
        (3, "refused", True),
    ]


def test_every_delivered_row_is_accepted_quarantined_or_refused(settings):
    with reading(settings) as connection:
        log, workers = sources.reconciliation(sources.deliveries(connection, "SEC-02", WEEK)).to_dicts()
    assert (log["files"], log["files_refused"]) == (2, 1)
    assert [log[f"rows_{name}"] for name in ("delivered", "accepted", "quarantined", "refused")] == [90, 48, 2, 40]
    assert (workers["is_in_period"], workers["rows_delivered"], workers["is_reconciled"]) == (False, 100, True)


def test_a_lost_row_and_an_exchanged_earlier_file_show(settings):
    with reading(settings) as connection:
        before = sources.reconciliation(sources.deliveries(connection, "SEC-02", WEEK))
    change(settings, "update ops.deliveries set rows_accepted = 47 where delivery_id = 2")
    change(settings, "update ops.deliveries set file_sha256 = sha256('other') where delivery_id = 1")
    with reading(settings) as connection:
        after = sources.reconciliation(sources.deliveries(connection, "SEC-02", WEEK))
    assert after["difference"].to_list() == [1, 0]
    assert after["is_reconciled"].to_list() == [False, True]
    assert before["files_sha256"][0] == after["files_sha256"][0]
    assert before["files_sha256"][1] != after["files_sha256"][1]


def test_one_table_of_a_source_can_deliver_two_feeds(settings):
    change(
        settings,
        "insert into seeds.source_feeds values ('canonical', 'tickets', 'workers'), ('canonical', 'tickets', 'auth_events')",
    )
    found = [row["feed"] for row in rows(settings, sources.deliveries, "SEC-02", WEEK) if row["source_table"] == "tickets"]
    assert found == ["auth_events", "workers"]


def test_the_gates_results_are_those_of_the_files_of_the_period(settings):
    found = rows(settings, sources.validation, "SEC-02", WEEK)
    assert [(row["delivery_id"], row["is_success"], row["failed_count"]) for row in found] == [(2, False, 2), (3, True, 0)]


def test_runs_and_dbt_invocations_are_those_over_days_of_the_period(settings):
    assert [row["run_id"] for row in rows(settings, sources.runs, WEEK)] == ["run-5"]
    assert [row["invocation_id"] for row in rows(settings, sources.invocations, WEEK)] == ["dbt-5"]
    change(settings, "drop table ops.invocations")
    with reading(settings) as connection:
        assert sources.invocations(connection, WEEK).is_empty()


def test_a_framework_chooses_the_controls_that_refer_to_it(settings):
    change(settings, "update seeds.control_library set hipaa = if(control_id = 'SEC-02', '164.312(d)', null)")
    with reading(settings) as connection:
        assert facts.controls_of(connection, Framework.hipaa) == ["SEC-02"]
        assert facts.controls_failing_on(connection, date(2026, 1, 5)) == ["SEC-02"]
        assert facts.controls_failing_on(connection, date(2026, 1, 6)) == []


def test_an_unknown_control_and_a_period_backwards_say_so(settings):
    with reading(settings) as connection, pytest.raises(PreauditError, match="no control NO-99"):
        facts.control_row(connection, "NO-99")
    with pytest.raises(PreauditError, match="ends before it starts"):
        Period(date(2026, 1, 9), date(2026, 1, 5))
