"""What the gate says about a delivery."""

from datetime import date, timedelta

import pandas as pd
import pytest

from expectations import gate, tables
from expectations.library import great_expectations
from expectations.validation import validate
from preaudit.errors import PreauditError
from tests.ingestion.world import WORKERS, World

EVENTS = "event_id,occurred_at,account_id,outcome\n"


def events(day: date, rows: int, account: str = "a") -> str:
    return EVENTS + "".join(f"{day}-{row},{day}T10:00:00Z,{account}{row % 10},success\n" for row in range(rows))


def test_every_failing_row_is_found_however_many_and_whichever_batch_it_is_in(world, monkeypatch):
    monkeypatch.setattr(gate, "BATCH_ROWS", 300)
    lines = [f"e{row},2026-01-05T10:00:00Z,a1,{'odd' if row % 2 else 'success'}\n" for row in range(1, 1001)]
    world.deliver("2026-01-05", "auth_events.csv", EVENTS + "".join(lines))
    (outcome,) = world.load("auth_events")
    assert (outcome.rows_accepted, outcome.rows_quarantined) == (500, 500)
    assert world.rows("select count(distinct row_number), sum(row_number % 2) from ops.quarantine") == [(500, 500)]
    assert world.rows("select checked_count, failed_count from ops.gate_results where rule_code = 'NOT_ALLOWED'") == [(1000, 500)]


def test_a_rule_that_cannot_be_evaluated_is_an_error_not_a_data_failure(world):
    gx, gxe = great_expectations()
    rule = gxe.ExpectColumnValuesToNotBeNull(column="absent", meta={"rule": "REQUIRED_MISSING", "column": "absent"})
    with pytest.raises(PreauditError, match="could not be evaluated"):
        validate(world.settings, [pd.DataFrame({"_row_number": [1]})], gx.ExpectationSuite(name="s", expectations=[rule]))


def test_a_delivery_far_below_the_median_of_its_weekday_is_refused(world):
    monday = date(2026, 2, 2)
    for week in range(1, 5):
        day = monday - timedelta(weeks=week)
        world.deliver(str(day), "auth_events.csv", events(day, 60))
    world.deliver(str(monday), "auth_events.csv", events(monday, 11))
    *earlier, last = world.load("auth_events", through=monday)
    assert {outcome.status for outcome in earlier} == {"accepted"}
    assert last.refusal_rule == "VOLUME_OFF"
    assert "11 rows, where the median of 4 Mondays is 60" in last.refusal_reason
    assert (last.rows_delivered, last.rows_refused) == (11, 11)


def test_a_refused_file_that_is_delivered_again_after_the_limit_was_changed_is_judged_again(world, monkeypatch):
    monday = date(2026, 2, 2)
    for week in range(1, 5):
        day = monday - timedelta(weeks=week)
        world.deliver(str(day), "auth_events.csv", events(day, 60))
    world.deliver(str(monday), "auth_events.csv", events(monday, 11))
    world.load("auth_events", through=monday)
    monkeypatch.setattr(tables, "VOLUME_LOW", 0.1)
    assert world.load("auth_events", through=monday) == []
    world.deliver(str(monday), "auth_events.csv", events(monday, 11))
    assert [outcome.status for outcome in world.load("auth_events", through=monday)] == ["accepted"]
    assert world.rows("select status, refusal_rule from ops.deliveries where folder = '2026-02-02' order by delivery_id") == [
        ("refused", "VOLUME_OFF"),
        ("accepted", None),
    ]


@pytest.mark.parametrize(("weeks", "rows"), [(3, 60), (4, 40)])
def test_volume_is_not_judged_on_few_days_or_few_rows(world, weeks, rows):
    monday = date(2026, 2, 2)
    for week in range(1, weeks + 1):
        day = monday - timedelta(weeks=week)
        world.deliver(str(day), "auth_events.csv", events(day, rows))
    world.deliver(str(monday), "auth_events.csv", events(monday, 1))
    assert {outcome.status for outcome in world.load("auth_events", through=monday)} == {"accepted"}


def test_the_volume_of_days_in_a_history_counts(world):
    monday = date(2026, 2, 2)
    history = EVENTS + "".join(events(monday - timedelta(weeks=week), 60).removeprefix(EVENTS) for week in range(1, 5))
    world.deliver("history", "auth_events.csv", history)
    world.deliver(str(monday), "auth_events.csv", events(monday, 301))
    assert [outcome.refusal_rule for outcome in world.load("auth_events", through=monday)] == [None, "VOLUME_OFF"]


def test_keys_that_match_nobody_refuse_the_delivery_and_some_unknown_keys_do_not(world):
    world.deliver("2026-01-05", "workers.csv", WORKERS + "".join(f"w{number},active,agent,2020-01-01\n" for number in range(10)))
    world.load("workers")
    header = "worker_id,document_id,version,signed_at\n"
    world.deliver("2026-01-04", "acknowledgements.csv", header + "".join(f"w{n},d,1,2026-01-04\n" for n in range(5, 13)))
    world.deliver("2026-01-05", "acknowledgements.csv", header + "".join(f"{n:05},d,1,2026-01-05\n" for n in range(8)))
    accepted, refused = world.load("acknowledgements")
    assert accepted.status == "accepted"
    assert refused.refusal_rule == "UNKNOWN_KEYS"
    assert "0 of 8 keys in worker_id occur in workers" in refused.refusal_reason


def test_keys_are_not_judged_where_the_referenced_feed_never_came(world):
    header = "worker_id,document_id,version,signed_at\n"
    world.deliver("2026-01-05", "acknowledgements.csv", header + "".join(f"x{n},d,1,2026-01-05\n" for n in range(8)))
    assert [outcome.status for outcome in world.load("acknowledgements")] == ["accepted"]


def test_every_rule_that_was_checked_is_recorded_with_its_counts(world):
    world.deliver("2026-01-05", "workers.csv", WORKERS + "w1,active,agent,2020-01-01\nw2,gone,agent,2020-01-01\n")
    world.load()
    results = {
        (rule, column): (kind, success, checked, failed)
        for rule, column, kind, success, checked, failed in world.rows(
            "select rule_code, column_name, rule_kind, is_success, checked_count, failed_count from ops.gate_results"
        )
    }
    assert results["NOT_ALLOWED", "employment_status"] == ("row", False, 2, 1)
    assert results["REQUIRED_MISSING", "worker_id"] == ("row", True, 2, 0)
    assert results["MISSING_COLUMN", "hire_date"] == ("table", True, 0, 0)
    assert results["EMPTY_DELIVERY", None] == ("table", True, 1, 0)


def test_data_docs_show_the_delivery_and_no_value_that_names_a_person(world: World):
    header = "worker_id,email,employment_status,job_role,hire_date\n"
    world.deliver("2026-01-05", "workers.csv", header + "w-secret,e@secret,gone,agent,2020-02-30\nw1,,active,agent,2020-01-01\n")
    world.load()
    index = gate.open_docs(world.settings)
    assert index == world.settings.data_docs / "index.html"
    pages = [path.read_text(encoding="utf-8") for path in world.settings.data_docs.rglob("*.html")]
    assert any("canonical.workers" in page for page in pages)
    assert any("gone" in page for page in pages)
    assert not any("secret" in page for page in pages)
