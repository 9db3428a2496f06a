"""What a ranking says it lacks."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from preaudit.settings import Settings
from preaudit.snapshot import publish
from preaudit.warehouse import writing
from tests.console.published_fixture import DAY, make_warehouse, settings_for

Run = Callable[..., Any]
STALE = "feed trainings is stale: last known 2026-01-29"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    settings = settings_for(tmp_path)
    make_warehouse(settings)
    return settings


def published(settings: Settings, *changes: str) -> Settings:
    with writing(settings) as connection:
        for change in changes:
            connection.execute(change)
    publish(settings, DAY, {})
    return settings


def stale(*controls: str, reason: str = STALE) -> str:
    names = ", ".join(f"'{control}'" for control in controls)
    return f"update marts.fct_control_days set is_evaluable = false, status_reason = '{reason}' where control_id in ({names})"


@pytest.mark.parametrize("format_", ["text", "json", "csv"])
def test_a_ranking_names_the_controls_that_could_not_be_evaluated(preaudit: Run, settings: Settings, format_: str) -> None:
    published(settings, stale("HR-02"))

    result = preaudit(settings.home, "rank", "agents", "--format", format_)

    said = " ".join((result.err if format_ == "csv" else result.out).split())
    assert f"Based on 1 of 2 controls: HR-02 could not be evaluated ({STALE})." in said


def test_a_control_of_the_other_kind_is_not_missed(preaudit: Run, settings: Settings) -> None:
    published(settings, stale("HR-02"), "update seeds.control_library set entity_kinds = 'agent' where control_id = 'HR-02'")

    assert "Based on" not in preaudit(settings.home, "rank", "processes").out


def test_a_whole_ranking_needs_no_note(preaudit: Run, settings: Settings) -> None:
    published(settings)

    assert json.loads(preaudit(settings.home, "rank", "agents", "--format", "json").out)["notes"] == []


def test_equal_causes_are_told_once_and_at_most_three(preaudit: Run, settings: Settings) -> None:
    copies = [
        f"insert into {table} by name select * replace ('X-{number}' as control_id) from {table} where control_id = 'HR-02'"
        for number in range(1, 5)
        for table in ("seeds.control_library", "marts.fct_control_days")
    ]
    causes = [stale(f"X-{number}", reason=f"cause {number}") for number in range(1, 5)]
    published(settings, *copies, stale("HR-02", "OPS-04"), *causes)

    (note,) = json.loads(preaudit(settings.home, "rank", "agents", "--format", "json").out)["notes"]

    assert note == (
        f"Based on 0 of 6 controls: HR-02, OPS-04 could not be evaluated ({STALE}); X-1 could not be evaluated (cause 1);"
        " X-2 could not be evaluated (cause 2); 2 more (see `preaudit controls`)."
    )


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        (
            (stale("HR-02", "OPS-04"),),
            f"No agents could be ranked. Based on 0 of 2 controls: HR-02, OPS-04 could not be evaluated ({STALE}).",
        ),
        ((), "No agents could be ranked: none has a score on this day."),
        (("delete from marts.mart_control_status where entity_kind = 'agent'",), "No agents in scope on this day."),
    ],
)
def test_an_empty_ranking_says_why(preaudit: Run, settings: Settings, changes: tuple[str, ...], why: str) -> None:
    published(settings, "delete from marts.rank_entities where entity_kind = 'agent'", *changes)

    assert json.loads(preaudit(settings.home, "rank", "agents", "--format", "json").out)["notes"] == [why]
    assert why in " ".join(preaudit(settings.home, "rank", "agents").out.split())


def test_the_rule_calls_no_control_the_worst_that_had_no_exception(preaudit: Run, settings: Settings) -> None:
    published(
        settings,
        "update marts.rank_entities set ranked_by = 'rule', reasons = null",
        "update ml.scores set rule_exceptions_28d = 0, rule_exceptions_90d = 0 where entity_id = 'P02'",
    )

    lines = [line.split() for line in preaudit(settings.home, "rank", "processes").out.splitlines()]
    worst = {line[1]: line[-1] for line in lines if line[1:2] in (["P01"], ["P02"])}
    assert (worst["P01"] != "-", worst["P02"]) == (True, "-")
    shown = preaudit(settings.home, "show", "P02").out
    assert "No exception in the last 90 days" in " ".join(shown.split())
