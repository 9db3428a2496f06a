"""Features and labels of a date are the same whatever came later, and whether they were built in one run or in several."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest

from tests.dbt.scratch_warehouse import ScratchWarehouse

pytestmark = pytest.mark.slow

FIRST, CUT, LAST = date(2026, 3, 1), date(2026, 3, 10), date(2026, 3, 20)
MODELS = "+ftr_agent_pairs +ftr_process_pairs +lbl_pair_outcomes"
NO_TESTS = "--exclude resource_type:test resource_type:unit_test"
AGENTS = [f"agent-{number}" for number in range(1, 7)]
Row = dict[str, Any]


def build(warehouse: ScratchWarehouse, first: date, last: date, *feature_dates: str) -> None:
    warehouse.build(f"{MODELS} {NO_TESTS}", str(first), str(last), feature_dates=list(feature_dates), horizon_days=7)


def days(first: date, last: date) -> list[date]:
    return [first + timedelta(number) for number in range((last - first).days + 1)]


def process_of(agent: str, day: date) -> str:
    """Everybody stays, but agent-1, who moves on the 5th of March and keeps the old client's access."""
    return "billing" if AGENTS.index(agent) < 3 and (agent != "agent-1" or day < date(2026, 3, 5)) else "claims"


def people(day: date) -> dict[str, list[Row]]:
    stamp = {"snapshot_on": str(day), "known_on": str(day)}
    gone = {"agent-6"} if day >= date(2026, 3, 6) else set()
    here = [agent for agent in AGENTS if agent not in gone]
    return {
        "workers": [
            {**stamp, "worker_id": a, "employment_status": "active", "job_role": "clerk", "hire_date": "2025-06-01"} for a in here
        ],
        "processes": [
            {**stamp, "process_id": p, "name": p, "client_id": f"client of {p}", "regulated": "pii"}
            for p in ("billing", "claims")
        ],
        "process_assignments": [
            {
                **stamp,
                "worker_id": a,
                "process_id": process_of(a, day),
                "assigned_from": "2025-06-01" if a != "agent-1" else "2026-03-05",
            }
            for a in here
        ],
        "accounts": [
            {
                **stamp,
                "account_id": f"acc-{a}",
                "worker_id": a,
                "system_id": "crm",
                "kind": "personal",
                "is_enabled": "true",
                "created_at": "2025-06-01T00:00:00Z",
                "is_mfa_enrolled": str(a != "agent-2").lower(),
            }
            for a in AGENTS
        ],
        "entitlements": [
            {
                **stamp,
                "account_id": f"acc-{a}",
                "entitlement": "read",
                "client_id": f"client of {process_of(a, FIRST)}",
                "granted_at": "2025-06-01T00:00:00Z",
            }
            for a in AGENTS
        ],
    }


def activity(day: date, draw: Random) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {"auth_events": [], "data_access_events": [], "tickets": [], "shifts": [], "trainings": []}
    for agent in AGENTS:
        known_on = str(day + timedelta(draw.choice([0, 0, 0, 3])))  # some rows come three days late
        found["auth_events"] += [
            {
                "event_id": f"{agent}|{day}|{number}",
                "occurred_at": f"{day}T{draw.choice([9, 10, 23])}:00:00Z",
                "account_id": f"acc-{agent}",
                "outcome": draw.choice(["success", "success", "failure"]),
                "is_mfa": draw.choice(["true", "true", "false"]),
                "known_on": known_on,
            }
            for number in range(2)
        ]
        found["data_access_events"].append(
            {
                "event_id": f"{agent}|{day}",
                "occurred_at": f"{day}T10:00:00Z",
                "account_id": f"acc-{agent}",
                "action": "view",
                "records": draw.choice([1, 5, 900]),
                "ticket_id": draw.choice(["t", None]),
                "known_on": known_on,
            }
        )
        found["shifts"].append(
            {
                "worker_id": agent,
                "starts_at": f"{day}T08:00:00Z",
                "ends_at": f"{day}T16:00:00Z",
                "kind": draw.choice(["scheduled", "overtime"]),
                "is_approved": "true",
                "updated_at": f"{day}T00:00:00Z",
                "known_on": str(day),
            }
        )
        ticket = {
            "ticket_id": f"{agent}|{day}",
            "kind": "case",
            "process_id": process_of(agent, day),
            "opened_at": f"{day}T08:00:00Z",
            "assignee_id": agent,
            "due_at": f"{day + timedelta(2)}T08:00:00Z",
        }
        done = day + timedelta(draw.choice([0, 1, 4]))
        found["tickets"] += [
            {**ticket, "status": "new", "updated_at": f"{day}T08:00:00Z", "known_on": str(day)},
            {
                **ticket,
                "status": "closed",
                "resolved_at": f"{done}T12:00:00Z",
                "closed_at": f"{done}T12:00:00Z",
                "has_evidence": draw.choice(["true", "true", "false"]),
                "updated_at": f"{done}T12:00:00Z",
                "known_on": str(done),
            },
        ]
    found["trainings"].append(
        {
            "worker_id": draw.choice(AGENTS),
            "course_id": "basics",
            "scope": "awareness",
            "assigned_at": "2026-01-01T00:00:00Z",
            "due_at": "2026-03-12T00:00:00Z",
            "completed_at": f"{day}T09:00:00Z",
            "updated_at": f"{day}T09:00:00Z",
            "known_on": str(day),
        }
    )
    return found


def world() -> dict[str, list[Row]]:
    """Five weeks of six people on two processes, each row with the day it became known."""
    draw = Random(7)
    rows: dict[str, list[Row]] = {}
    for day in days(date(2026, 2, 15), LAST):
        for feed, found in {**people(day), **activity(day, draw)}.items():
            rows.setdefault(feed, []).extend(found)
    return rows


def deliver(warehouse: ScratchWarehouse, is_wanted: Callable[[str], bool]) -> None:
    for feed, rows in world().items():
        warehouse.deliver(feed, None, [row for row in rows if is_wanted(row["known_on"])])


def deliver_a_file_with_a_mistake(warehouse: ScratchWarehouse) -> int:
    wrong = [
        {"event_id": f"wrong|{n}", "occurred_at": "2026-03-04T03:00:00Z", "account_id": "acc-agent-3", "outcome": "failure"}
        for n in range(9)
    ]
    return warehouse.deliver("auth_events", "2026-03-04", wrong)


def correct_it(warehouse: ScratchWarehouse, mistaken: int) -> None:
    right = [{"event_id": "right", "occurred_at": "2026-03-04T09:00:00Z", "account_id": "acc-agent-3", "outcome": "success"}]
    warehouse.deliver("auth_events", "2026-03-14", right, folder="2026-03-04", replaces=mistaken)


@dataclass(frozen=True)
class Built:
    """Rows of the marts by name: of one run that knew everything, at the cut, and of the run after it."""

    at_once: dict[str, list[tuple[Any, ...]]]
    at_the_cut: dict[str, list[tuple[Any, ...]]]
    continued: dict[str, list[tuple[Any, ...]]]


MARTS = ("ftr_agent", "ftr_process", "ftr_pair", "ftr_agent_pairs", "ftr_process_pairs", "lbl_pair_outcomes")


def read(warehouse: ScratchWarehouse) -> dict[str, list[tuple[Any, ...]]]:
    return {mart: warehouse.rows(f"select * from marts.{mart} order by all") for mart in MARTS}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    whole = ScratchWarehouse(Path(tmp_path_factory.mktemp("whole")))
    mistaken = deliver_a_file_with_a_mistake(whole)
    deliver(whole, lambda known_on: True)
    correct_it(whole, mistaken)
    build(whole, FIRST, LAST, "2026-03-03", "2026-03-10", "2026-03-17", "2026-03-20")

    cut = ScratchWarehouse(Path(tmp_path_factory.mktemp("cut")))
    mistaken = deliver_a_file_with_a_mistake(cut)
    deliver(cut, lambda known_on: known_on <= str(CUT))
    build(cut, FIRST, CUT, "2026-03-03", "2026-03-10")
    at_the_cut = read(cut)
    deliver(cut, lambda known_on: known_on > str(CUT))
    correct_it(cut, mistaken)
    build(cut, CUT + timedelta(1), LAST, "2026-03-17", "2026-03-20")
    return Built(read(whole), at_the_cut, read(cut))


@pytest.mark.parametrize("mart", [mart for mart in MARTS if mart.startswith("ftr_")])
def test_features_of_a_date_are_the_same_without_anything_that_came_later(built: Built, mart: str) -> None:
    known = [row for row in built.at_once[mart] if row[0] <= str(CUT)]
    assert {row[0] for row in known} == {"2026-03-03", "2026-03-10"}
    assert built.at_the_cut[mart] == known


@pytest.mark.parametrize("mart", MARTS)
def test_a_run_that_goes_on_where_another_ended_makes_what_one_run_makes(built: Built, mart: str) -> None:
    assert built.continued[mart] == built.at_once[mart]


def test_a_label_is_unknown_until_its_window_has_passed_and_known_from_that_day(built: Built) -> None:
    def is_known(rows: list[tuple[Any, ...]]) -> dict[tuple[str, int], set[bool]]:
        found: dict[tuple[str, int], set[bool]] = {}
        for as_of_on, _kind, _entity, _control, horizon_days, is_failure, _first in rows:
            found.setdefault((as_of_on, horizon_days), set()).add(is_failure is not None)
        return found

    assert is_known(built.at_the_cut["lbl_pair_outcomes"])["2026-03-03", 7] == {True}
    assert is_known(built.at_the_cut["lbl_pair_outcomes"])["2026-03-10", 7] == {False}
    assert is_known(built.continued["lbl_pair_outcomes"])["2026-03-10", 7] == {True}
    assert is_known(built.continued["lbl_pair_outcomes"])["2026-03-17", 7] == {False}
    assert is_known(built.continued["lbl_pair_outcomes"])["2026-03-03", 30] == {False}


def test_the_little_world_has_failures_and_people_without_them(built: Built) -> None:
    outcomes = {row[5] for row in built.at_once["lbl_pair_outcomes"] if row[1] == "agent"}
    assert outcomes == {True, False, None}
