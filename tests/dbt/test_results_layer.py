"""What is generic over controls: statuses, waivers, changes since the day before, coverage, and the frameworks' gap list.

The controls' items are given here, so that each rule shows on a row that can be read. The as-of dates are 1 to 4 March 2026; the
lists of changes, coverage and frameworks are of the 4th.
"""

from collections.abc import Iterator
from typing import Any

import duckdb
import pytest

from orchestration.dbt import PROJECT_DIR
from tests.dbt.scratch_warehouse import ScratchWarehouse

pytestmark = pytest.mark.slow

LAYER = (
    "int_controls__days fct_tested_items int_controls__exceptions int_controls__unjudged int_controls__process_days fct_failures"
    " fct_control_results fct_control_days mart_control_status mart_control_changes mart_control_coverage mart_framework_coverage"
)
INPUTS = """
create schema if not exists intermediate; create schema if not exists controls;
create table intermediate.int_feeds__status (feed varchar, on_date date, status varchar, last_known_on date, reason varchar);
create table intermediate.int_entities__agent_day (on_date date, agent_id varchar, process_id varchar);
create table intermediate.int_entities__process_day (on_date date, process_id varchar);
create table intermediate.int_feed__findings (
    finding_id varchar, control_id varchar, entity_kind varchar, entity_id varchar, occurred_at timestamp, finding_source varchar,
    severity varchar, known_on date, source_row varchar);
"""
ITEM_COLUMNS = (
    "control_id varchar, entity_kind varchar, entity_id varchar, item_key varchar, tested_on date, occurred_at timestamp,"
    " known_at timestamp, exposure double, is_exception boolean, is_zero_tolerance boolean, reason varchar, evidence varchar"
)
DAYS = ("2026-03-01", "2026-03-02", "2026-03-03", "2026-03-04")
# Control, kind, entity, and per day what its item was: x an exception, . a pass, ? not judged, - no item.
ITEMS = (
    ("ACC-02", "agent", "still", "xxxx"),
    ("ACC-02", "agent", "repaired", "xxx."),
    ("ACC-02", "agent", "removed", "xxx-"),
    ("ACC-02", "agent", "left", "xxx-"),
    ("ACC-02", "agent", "new", "...x"),
    ("ACC-02", "agent", "fine", "...."),
    ("ACC-02", "agent", "doubtful", "xxx?"),
    ("ACC-02", "agent", "half-doubtful", "xxx."),
    ("ACC-02", "agent", "half-doubtful", "---?"),
    ("ACC-02", "agent", "waiver-ends", "xxxx"),
    ("ACC-02", "agent", "waiver-begins", "xxxx"),
    ("ACC-02", "process", "P-tested", "...x"),
    ("ACC-02", "process", "P-earlier", ".---"),
    ("ACC-02", "process", "P-not-listed", "...."),
    ("SEC-02", "agent", "good-since", "--x."),
    ("SEC-02", "agent", "quiet-since", "--x-"),
    ("SEC-02", "agent", "again", "--xx"),
    ("HR-02", "agent", "fine", "...."),
    ("HR-02", "agent", "doubtful", "????"),
    ("DATA-04", "agent", "again", "-x-x"),
    ("INC-01", "process", "P-tested", "xxx-"),
)
PLACES = {"fine": "P-tested", "doubtful": "P-earlier"}
PEOPLE = {entity for _, kind, entity, _ in ITEMS if kind == "agent"} - {"left"}
PROCESSES = ("P-tested", "P-earlier", "P-never")
# Feeds that are not fresh.
STALE = {("tickets", "2026-03-04"), ("shifts", "2026-03-03")}


def _items() -> Iterator[tuple[str, list[Any]]]:
    for control, kind, entity, marks in ITEMS:
        for day, mark in zip(DAYS, marks, strict=True):
            # An event happens once; the item of a state is the same thing every day.
            key = f"{entity}|{day}" if control in ("SEC-02", "DATA-04") else f"{entity}|{marks}"
            broken = {"x": True, ".": False, "?": None}.get(mark)
            reason = {"x": "it is broken", "?": "the data cannot tell"}.get(mark)
            if mark != "-":
                yield control, [control, kind, entity, key, day, day, day, 1, broken, False, reason, "file#1"]


@pytest.fixture(scope="module")
def layer(tmp_path_factory: pytest.TempPathFactory) -> ScratchWarehouse:
    warehouse = ScratchWarehouse(tmp_path_factory.mktemp("results"))
    warehouse.dbt("seed")
    with duckdb.connect(str(warehouse.path)) as connection:
        connection.execute(INPUTS)
        for path in (PROJECT_DIR / "models" / "controls").glob("ctl_*.sql"):
            connection.execute(f"create table controls.{path.stem} ({ITEM_COLUMNS})")
        for control, row in _items():
            table = f"controls.ctl_{control.lower().replace('-', '_')}"
            connection.execute(f"insert into {table} values ({', '.join('?' * 12)})", row)
        feeds = [feed for (feed,) in connection.execute("select feed from seeds.feed_register").fetchall()]
        for day in DAYS:
            connection.executemany(
                "insert into intermediate.int_feeds__status values (?, ?, ?, ?, ?)",
                [
                    [feed, day, "stale", None, f"feed {feed} is stale"]
                    if (feed, day) in STALE
                    else [feed, day, "fresh", day, None]
                    for feed in feeds
                ],
            )
            connection.executemany(
                "insert into intermediate.int_entities__agent_day values (?, ?, ?)",
                [[day, person, PLACES.get(person)] for person in PEOPLE],
            )
            connection.executemany(
                "insert into intermediate.int_entities__process_day values (?, ?)", [[day, p] for p in PROCESSES]
            )
        connection.executemany(
            "insert into seeds.waivers values ('ACC-02', 'agent', ?, null, 'accepted', 'boss', ?, ?)",
            [["waiver-ends", "2026-03-01", "2026-03-04"], ["waiver-begins", "2026-03-04", "2026-04-01"]],
        )
    warehouse.build(LAYER, "2026-03-01", "2026-03-03")
    warehouse.build(LAYER, "2026-03-04", "2026-03-04")
    return warehouse


def change(layer: ScratchWarehouse, control: str, entity: str) -> str | None:
    sql = f"select change from marts.mart_control_changes where control_id = '{control}' and entity_id = '{entity}'"
    found = layer.rows(sql)
    return found[0][0] if found else None


def status(layer: ScratchWarehouse, control: str, entity: str) -> tuple[str, str | None]:
    sql = f"select status, reason from marts.mart_control_status where control_id = '{control}' and entity_id = '{entity}'"
    ((found, reason),) = layer.rows(sql)
    return found, reason


def results(layer: ScratchWarehouse, control: str, entity: str) -> list[str]:
    sql = (
        f"select status from marts.fct_control_results where control_id = '{control}' and entity_id = '{entity}' order by on_date"
    )
    return [found for (found,) in layer.rows(sql)]


def coverage(layer: ScratchWarehouse, control: str, process: str) -> tuple[str, str | None]:
    sql = f"select distinct coverage, reason from marts.mart_control_coverage where control_id = '{control}'"
    (found,) = layer.rows(f"{sql} and process_id = '{process}'")
    return found


def test_a_population_of_zero_is_told_apart_from_data_that_cannot_tell_and_from_no_data(layer: ScratchWarehouse) -> None:
    assert status(layer, "ACC-02", "P-never") == ("not_applicable", "nothing to test on this day")
    assert status(layer, "HR-02", "doubtful") == ("not_evaluable", "the data cannot tell")
    assert status(layer, "INC-01", "P-tested") == ("not_evaluable", "feed tickets is stale")


def test_a_result_says_how_many_items_it_does_not_speak_of(layer: ScratchWarehouse) -> None:
    sql = "select population, unjudged_items, note from marts.mart_control_status where entity_id = 'half-doubtful'"
    assert (1, 1, "1 not judged: the data cannot tell") in layer.rows(sql)


def test_a_waived_exception_is_tested_and_shown_as_waived_until_the_day_the_waiver_expires(layer: ScratchWarehouse) -> None:
    assert results(layer, "ACC-02", "waiver-ends") == ["waived", "waived", "waived", "fail"]
    assert status(layer, "ACC-02", "waiver-ends") == ("fail", "it is broken")
    assert change(layer, "ACC-02", "waiver-ends") == "newly_failing"
    assert layer.rows(
        "select failed_on, is_waived from marts.fct_failures where entity_id = 'waiver-ends' order by failed_on"
    ) == [("2026-03-01", True), ("2026-03-04", False)]


def test_a_waiver_that_begins_is_no_repair(layer: ScratchWarehouse) -> None:
    assert results(layer, "ACC-02", "waiver-begins") == ["fail", "fail", "fail", "waived"]
    assert change(layer, "ACC-02", "waiver-begins") == "now_waived"


@pytest.mark.parametrize(
    ("entity", "expected"),
    [
        ("new", "newly_failing"),
        ("still", "still_failing"),
        ("repaired", "fixed"),
        ("removed", "gone"),
        ("left", "gone"),
        ("doubtful", "unknown"),
        ("half-doubtful", "unknown"),
        ("fine", None),
    ],
)
def test_a_state_is_fixed_only_where_all_of_it_was_looked_at(layer: ScratchWarehouse, entity: str, expected: str | None) -> None:
    assert change(layer, "ACC-02", entity) == expected


def test_an_event_is_never_fixed(layer: ScratchWarehouse) -> None:
    assert change(layer, "SEC-02", "good-since") == "passed_again"
    assert change(layer, "SEC-02", "quiet-since") == "not_tested"
    assert change(layer, "SEC-02", "again") == "still_failing"


def test_a_failure_whose_control_cannot_be_evaluated_today_is_not_fixed(layer: ScratchWarehouse) -> None:
    assert change(layer, "INC-01", "P-tested") == "unknown"


def test_after_a_day_without_the_data_the_day_before_it_is_compared_with(layer: ScratchWarehouse) -> None:
    sql = (
        "select control_id, previous_on, change, exceptions, new_exceptions, previous_exceptions from marts.mart_control_changes"
    )
    assert layer.rows(f"{sql} where entity_id = 'again' order by all") == [
        ("DATA-04", "2026-03-02", "still_failing", 1, 1, 1),
        ("SEC-02", "2026-03-03", "still_failing", 1, 1, 1),
    ]


def test_the_coverage_map_tells_nothing_today_from_never_and_from_not_evaluable(layer: ScratchWarehouse) -> None:
    assert coverage(layer, "ACC-02", "P-tested") == ("tested", None)
    assert coverage(layer, "ACC-02", "P-earlier") == ("nothing_to_test", None)
    assert coverage(layer, "ACC-02", "P-never") == ("never_in_scope", None)
    assert coverage(layer, "INC-01", "P-never") == ("not_evaluable", "feed tickets is stale")


def test_a_process_that_no_list_names_is_in_the_coverage_map_where_a_control_looked_at_it(layer: ScratchWarehouse) -> None:
    assert coverage(layer, "ACC-02", "P-not-listed") == ("tested", None)


def test_a_control_for_agents_covers_the_process_they_work_in(layer: ScratchWarehouse) -> None:
    assert coverage(layer, "HR-02", "P-tested") == ("tested", None)
    assert coverage(layer, "HR-02", "P-earlier") == ("not_evaluable", "1 not judged: the data cannot tell")
    assert coverage(layer, "HR-02", "P-never") == ("never_in_scope", None)


def test_the_coverage_map_has_every_feed_that_a_control_reads(layer: ScratchWarehouse) -> None:
    sql = "select feed, is_needed, feed_status from marts.mart_control_coverage where process_id = 'P-never' and control_id = "
    assert layer.rows(f"{sql} 'INC-01'") == [("tickets", True, "stale")]
    assert ("process_assignments", False, "fresh") in layer.rows(f"{sql} 'SEC-02'")
    ((rows, pairs),) = layer.rows(
        "select count(*), count(distinct (control_id, process_id, feed)) from marts.mart_control_coverage"
    )
    assert rows == pairs > 31 * len(PROCESSES)


def test_a_reference_is_a_gap_where_none_of_its_controls_was_evaluated(layer: ScratchWarehouse) -> None:
    sql = "select framework, reference_id, controls_evaluated, controls_failing, is_covered, gap_reason from marts."
    found = {row[:2]: row[2:] for row in layer.rows(f"{sql}mart_framework_coverage")}
    assert found["soc2", "CC7.4"] == (0, 0, False, "INC-01: feed tickets is stale")
    assert found["pci", "8.2.6"] == (1, 1, True, None)
    evaluated, failing, is_covered, gap = found["soc2", "CC6.2"]
    assert (evaluated, failing, is_covered) == (1, 1, True)
    assert "JML-01: no item to test so far" in gap
    assert found["soc2", "CC2.2"][0] >= 1  # HR-02 has judged somebody, though not everybody.


def test_every_reference_of_the_library_is_in_the_framework_view_once(layer: ScratchWarehouse) -> None:
    ((rows, references),) = layer.rows(
        "select count(*), count(distinct (framework, reference_id)) from marts.mart_framework_coverage"
    )
    ((carried,),) = layer.rows(
        "select sum(len(string_split(ids, ' '))) from (unpivot (select soc2, iso27001, nist80053, pci, hipaa from"
        " seeds.control_library) on columns(*) into name framework value ids)"
    )
    assert rows == references
    assert layer.rows("select sum(controls) from marts.mart_framework_coverage") == [(carried,)]


def test_running_a_day_again_changes_nothing(layer: ScratchWarehouse) -> None:
    def everything() -> dict[str, list[tuple[Any, ...]]]:
        names = [name for name in LAYER.split() if name.startswith(("fct", "mart"))]
        found = {name: layer.rows(f"select * from marts.{name} order by all") for name in names}
        return found | {"process_days": layer.rows("select * from intermediate.int_controls__process_days order by all")}

    before = everything()
    layer.build(LAYER, "2026-03-04", "2026-03-04")
    assert everything() == before
