"""Histories: what a run knows of a worker or ticket on each day, whatever order the files came in."""

from pathlib import Path

import pytest

from tests.dbt.scratch_warehouse import ScratchWarehouse

pytestmark = pytest.mark.slow

MODELS = "+int_hr__worker_history +int_tickets__ticket_history"
Spans = dict[str, list[tuple]]


def worker(worker_id: str, team: str, **values: object) -> dict[str, object]:
    fixed = {"employment_status": "active", "job_role": "agent", "hire_date": "2025-01-01"}
    return {"worker_id": worker_id, "team": team, **fixed, **values}


def ticket(ticket_id: str, status: str, updated_at: str) -> dict[str, object]:
    return {
        "ticket_id": ticket_id,
        "status": status,
        "updated_at": updated_at,
        "kind": "case",
        "opened_at": "2026-01-01T08:00:00Z",
    }


def spans(warehouse: ScratchWarehouse) -> Spans:
    """(value, first day valid, first day no longer valid) per worker and ticket, in order of time."""
    rows = warehouse.rows(
        "select worker_id, team, valid_from, valid_to from intermediate.int_hr__worker_history "
        "union all select ticket_id, status, valid_from, valid_to from intermediate.int_tickets__ticket_history order by 1, 3"
    )
    return {key: [row[1:] for row in rows if row[0] == key] for key in {row[0] for row in rows}}


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Spans]:
    """Spans after each of four runs: a range, the same last day again, a run after two skipped days, all of it again."""
    folder: Path = tmp_path_factory.mktemp("histories")
    warehouse, seen = ScratchWarehouse(folder), {}

    first = {"snapshot_on": "2026-01-01", "known_on": "2026-01-01"}
    warehouse.deliver(
        "workers", None, [worker(name, "red", **first) for name in ("stays", "moves", "leaves_and_returns", "broken")]
    )
    warehouse.deliver("workers", "2026-01-03", [worker("stays", "red"), worker("moves", "blue"), worker("broken", "red")])
    wrong_list = warehouse.deliver(
        "workers", "2026-01-05", [worker(name, "red") for name in ("stays", "moves", "broken", "by_mistake")]
    )
    warehouse.deliver(
        "tickets",
        "2026-01-02",
        [
            ticket("twice_a_day", "new", "2026-01-02T09:00:00Z"),
            ticket("twice_a_day", "in_progress", "2026-01-02T10:00:00Z"),
            ticket("quiet", "new", "2026-01-02T09:00:00Z"),
        ],
    )
    replaced_later = warehouse.deliver(
        "tickets",
        "2026-01-03",
        [ticket("corrected_later", "closed", "2026-01-03T09:00:00Z"), ticket("gone_later", "new", "2026-01-03T09:00:00Z")],
    )
    wrong_tickets = warehouse.deliver("tickets", "2026-01-05", [ticket("gone_same_day", "new", "2026-01-05T09:00:00Z")])
    warehouse.build(MODELS, "2026-01-01", "2026-01-05")
    seen["range"] = spans(warehouse)

    corrected = [worker(name, "red") for name in ("stays", "leaves_and_returns", "broken")] + [worker("moves", "blue")]
    warehouse.deliver("workers", "2026-01-05", corrected, replaces=wrong_list)
    warehouse.deliver("tickets", "2026-01-05", [ticket("quiet", "new", "2026-01-02T09:00:00Z")], replaces=wrong_tickets)
    warehouse.build(MODELS, "2026-01-05", "2026-01-05")
    seen["same day again"] = spans(warehouse)

    bad_row = worker("broken", "red", hire_date="2025-02-30", _is_quarantined=True)
    good_rows = [worker("stays", "green"), worker("moves", "blue"), worker("leaves_and_returns", "red")]
    warehouse.deliver("workers", "2026-01-06", [*good_rows, bad_row])
    warehouse.deliver("workers", "2026-01-08", [worker("stays", "red"), worker("from_an_old_list", "red")], folder="2026-01-04")
    warehouse.deliver("tickets", "2026-01-07", [ticket("twice_a_day", "resolved", "2026-01-07T10:00:00Z")])
    warehouse.deliver("tickets", "2026-01-08", [ticket("twice_a_day", "on_hold", "2026-01-04T10:00:00Z")], folder="2026-01-04")
    warehouse.deliver(
        "tickets",
        "2026-01-08",
        [ticket("corrected_later", "new", "2026-01-03T09:00:00Z")],
        folder="2026-01-03",
        replaces=replaced_later,
    )
    warehouse.build(MODELS, "2026-01-08", "2026-01-08")
    seen["after skipped days"] = spans(warehouse)

    warehouse.build(MODELS, "2026-01-01", "2026-01-08")
    seen["all again"] = spans(warehouse)
    return seen


def test_a_changed_attribute_opens_a_version_and_an_unchanged_list_does_not(story: dict[str, Spans]) -> None:
    assert story["range"]["moves"][:2] == [("red", "2026-01-01", "2026-01-03"), ("blue", "2026-01-03", "2026-01-05")]
    assert story["range"]["stays"] == [("red", "2026-01-01", None)]


def test_a_key_that_the_next_list_lacks_is_closed_and_a_day_without_a_list_closes_nothing(story: dict[str, Spans]) -> None:
    assert story["range"]["leaves_and_returns"] == [("red", "2026-01-01", "2026-01-03")]
    assert story["range"]["stays"][-1][2] is None


def test_a_list_corrected_on_the_same_day_takes_the_place_of_the_wrong_one(story: dict[str, Spans]) -> None:
    assert "by_mistake" in story["range"]
    assert "by_mistake" not in story["same day again"]
    assert story["same day again"]["moves"] == [("red", "2026-01-01", "2026-01-03"), ("blue", "2026-01-03", None)]
    assert story["same day again"]["leaves_and_returns"] == [("red", "2026-01-01", "2026-01-03"), ("red", "2026-01-05", None)]


def test_a_list_of_a_skipped_day_is_caught_up_with_its_own_day(story: dict[str, Spans]) -> None:
    assert story["after skipped days"]["stays"] == [("red", "2026-01-01", "2026-01-06"), ("green", "2026-01-06", None)]


def test_a_list_of_an_older_day_that_comes_late_changes_nothing(story: dict[str, Spans]) -> None:
    assert "from_an_old_list" not in story["after skipped days"]


def test_a_key_whose_row_was_quarantined_keeps_its_last_good_version(story: dict[str, Spans]) -> None:
    assert story["after skipped days"]["broken"] == [("red", "2026-01-01", None)]


def test_the_latest_update_known_wins_even_when_an_older_one_comes_later(story: dict[str, Spans]) -> None:
    expected = [("in_progress", "2026-01-02", "2026-01-07"), ("resolved", "2026-01-07", None)]
    assert story["after skipped days"]["twice_a_day"] == expected


def test_a_replaced_version_counts_until_the_day_of_its_correction(story: dict[str, Spans]) -> None:
    expected = [("closed", "2026-01-03", "2026-01-08"), ("new", "2026-01-08", None)]
    assert story["after skipped days"]["corrected_later"] == expected
    assert story["after skipped days"]["gone_later"] == [("new", "2026-01-03", "2026-01-08")]


def test_a_key_that_a_correction_of_the_same_day_takes_away_leaves_no_version(story: dict[str, Spans]) -> None:
    assert "gone_same_day" in story["range"]
    assert "gone_same_day" not in story["same day again"]


def test_a_rerun_of_every_day_ends_in_the_same_state(story: dict[str, Spans]) -> None:
    assert story["all again"] == story["after skipped days"]
