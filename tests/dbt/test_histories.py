"""Histories: what a run knows of a worker, ticket or shift on each day, whatever order the files came in."""

import pytest
from tests.dbt.scratch_warehouse import ScratchWarehouse

pytestmark = pytest.mark.slow

WORKERS = "+int_hr__worker_history"
TICKETS = "+int_tickets__ticket_history"


def worker(worker_id: str, team: str, **values: str) -> dict[str, str]:
    return {
        "worker_id": worker_id,
        "employment_status": "active",
        "job_role": "agent",
        "hire_date": "2025-01-01",
        "team": team,
        **values,
    }


def ticket(ticket_id: str, status: str, updated_at: str, **values: str) -> dict[str, str]:
    return {
        "ticket_id": ticket_id,
        "kind": "case",
        "status": status,
        "opened_at": "2026-01-01T08:00:00Z",
        "updated_at": updated_at,
        **values,
    }


def worker_spans(warehouse: ScratchWarehouse) -> list[tuple]:
    return warehouse.rows("select worker_id, team, valid_from, valid_to from intermediate.int_hr__worker_history order by all")


def ticket_spans(warehouse: ScratchWarehouse) -> list[tuple]:
    return warehouse.rows("select ticket_id, status, valid_from, valid_to from intermediate.int_tickets__ticket_history order by all")


def test_a_list_opens_changes_and_closes_rows_and_an_unchanged_row_stays_one(warehouse: ScratchWarehouse) -> None:
    warehouse.deliver(
        "workers",
        None,
        [
            worker("w1", "red", snapshot_on="2026-01-01", known_on="2026-01-01"),
            worker("w2", "red", snapshot_on="2026-01-01", known_on="2026-01-01"),
            worker("w1", "red", snapshot_on="2026-01-08", known_on="2026-01-08"),
            worker("w2", "blue", snapshot_on="2026-01-08", known_on="2026-01-08"),
            worker("w1", "red", snapshot_on="2026-01-15", known_on="2026-01-15"),
        ],
    )
    warehouse.build(WORKERS, "2026-01-01", "2026-01-15")
    assert worker_spans(warehouse) == [
        ("w1", "red", "2026-01-01", None),
        ("w2", "blue", "2026-01-08", "2026-01-15"),
        ("w2", "red", "2026-01-01", "2026-01-08"),
    ]


def test_daily_lists_end_like_one_range_and_a_day_without_a_list_is_not_an_empty_list(warehouse: ScratchWarehouse) -> None:
    warehouse.deliver("workers", "2026-01-01", [worker("w1", "red"), worker("w2", "red")])
    warehouse.build(WORKERS, "2026-01-01", "2026-01-01")
    warehouse.build(WORKERS, "2026-01-02", "2026-01-02")
    assert worker_spans(warehouse) == [("w1", "red", "2026-01-01", None), ("w2", "red", "2026-01-01", None)]

    warehouse.deliver("workers", "2026-01-03", [worker("w1", "blue")])
    warehouse.build(WORKERS, "2026-01-03", "2026-01-03")
    expected = [
        ("w1", "blue", "2026-01-03", None),
        ("w1", "red", "2026-01-01", "2026-01-03"),
        ("w2", "red", "2026-01-01", "2026-01-03"),
    ]
    assert worker_spans(warehouse) == expected

    warehouse.build(WORKERS, "2026-01-03", "2026-01-03")
    assert worker_spans(warehouse) == expected
    warehouse.build(WORKERS, "2026-01-01", "2026-01-03")
    assert worker_spans(warehouse) == expected


def test_a_list_of_an_older_day_that_comes_late_changes_nothing(warehouse: ScratchWarehouse) -> None:
    warehouse.deliver("workers", "2026-01-05", [worker("w1", "blue")])
    warehouse.build(WORKERS, "2026-01-05", "2026-01-05")
    warehouse.deliver("workers", "2026-01-06", [worker("w1", "red"), worker("w9", "red")], folder="2026-01-04")
    warehouse.build(WORKERS, "2026-01-06", "2026-01-06")
    assert worker_spans(warehouse) == [("w1", "blue", "2026-01-05", None)]


def test_a_corrected_list_of_the_same_day_takes_the_place_of_the_first(warehouse: ScratchWarehouse) -> None:
    wrong = warehouse.deliver("workers", "2026-01-05", [worker("w1", "red"), worker("w9", "red")])
    warehouse.build(WORKERS, "2026-01-05", "2026-01-05")
    warehouse.deliver("workers", "2026-01-05", [worker("w1", "blue")], replaces=wrong)
    warehouse.build(WORKERS, "2026-01-05", "2026-01-05")
    assert worker_spans(warehouse) == [("w1", "blue", "2026-01-05", None)]


def test_days_skipped_between_two_runs_are_caught_up(warehouse: ScratchWarehouse) -> None:
    warehouse.deliver("workers", "2026-01-01", [worker("w1", "red")])
    warehouse.build(WORKERS, "2026-01-01", "2026-01-01")
    warehouse.deliver("workers", "2026-01-02", [worker("w1", "blue")])
    warehouse.build(WORKERS, "2026-01-04", "2026-01-04")
    assert worker_spans(warehouse) == [("w1", "blue", "2026-01-02", None), ("w1", "red", "2026-01-01", "2026-01-02")]


def test_the_latest_update_known_wins_even_when_an_older_one_comes_later(warehouse: ScratchWarehouse) -> None:
    warehouse.deliver(
        "tickets",
        "2026-01-02",
        [ticket("t1", "new", "2026-01-02T09:00:00Z"), ticket("t1", "in_progress", "2026-01-02T10:00:00Z")],
    )
    warehouse.deliver("tickets", "2026-01-04", [ticket("t1", "resolved", "2026-01-04T10:00:00Z")])
    warehouse.deliver("tickets", "2026-01-05", [ticket("t1", "on_hold", "2026-01-03T10:00:00Z")], folder="2026-01-03")
    warehouse.build(TICKETS, "2026-01-02", "2026-01-05")
    assert ticket_spans(warehouse) == [("t1", "in_progress", "2026-01-02", "2026-01-04"), ("t1", "resolved", "2026-01-04", None)]


def test_a_daily_run_writes_only_tickets_with_news_and_a_rerun_of_an_old_day_ends_the_same(warehouse: ScratchWarehouse) -> None:
    warehouse.deliver("tickets", "2026-01-02", [ticket("t1", "new", "2026-01-02T09:00:00Z"), ticket("t2", "new", "2026-01-02T09:00:00Z")])
    warehouse.build(TICKETS, "2026-01-02", "2026-01-02")
    warehouse.deliver("tickets", "2026-01-03", [ticket("t1", "closed", "2026-01-03T09:00:00Z")])
    warehouse.build(TICKETS, "2026-01-03", "2026-01-03")
    expected = [
        ("t1", "closed", "2026-01-03", None),
        ("t1", "new", "2026-01-02", "2026-01-03"),
        ("t2", "new", "2026-01-02", None),
    ]
    assert ticket_spans(warehouse) == expected
    warehouse.build(TICKETS, "2026-01-02", "2026-01-02")
    assert ticket_spans(warehouse) == expected


def test_a_replaced_ticket_file_counts_until_the_day_of_its_correction(warehouse: ScratchWarehouse) -> None:
    wrong = warehouse.deliver(
        "tickets", "2026-01-02", [ticket("t1", "closed", "2026-01-02T09:00:00Z"), ticket("t9", "new", "2026-01-02T09:00:00Z")]
    )
    warehouse.build(TICKETS, "2026-01-02", "2026-01-02")
    warehouse.deliver("tickets", "2026-01-04", [ticket("t1", "new", "2026-01-02T09:00:00Z")], folder="2026-01-02", replaces=wrong)
    warehouse.build(TICKETS, "2026-01-04", "2026-01-04")
    assert ticket_spans(warehouse) == [
        ("t1", "closed", "2026-01-02", "2026-01-04"),
        ("t1", "new", "2026-01-04", None),
        ("t9", "new", "2026-01-02", "2026-01-04"),
    ]


def test_a_key_that_a_same_day_correction_takes_away_leaves_no_version(warehouse: ScratchWarehouse) -> None:
    wrong = warehouse.deliver("tickets", "2026-01-02", [ticket("t1", "new", "2026-01-02T09:00:00Z"), ticket("t9", "new", "2026-01-02T09:00:00Z")])
    warehouse.build(TICKETS, "2026-01-02", "2026-01-02")
    warehouse.deliver("tickets", "2026-01-02", [ticket("t1", "new", "2026-01-02T09:00:00Z")], replaces=wrong)
    warehouse.build(TICKETS, "2026-01-02", "2026-01-02")
    assert ticket_spans(warehouse) == [("t1", "new", "2026-01-02", None)]
