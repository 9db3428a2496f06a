"""The page of one entity: what would lower its chances, and reasons told once."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from preaudit.snapshot import publish
from tests.console.published_fixture import DAY, change, make_warehouse, settings_for

Run = Callable[..., Any]
LEVERS = (
    "[{'feature': 'overtime', 'sentence': 'Overtime: with 2 instead of 9 the model would say 0.20 instead of 0.31.',"
    " 'value': 9.0, 'peer_value': 2.0, 'probability_after': 0.20, 'change': -0.11}]"
)


def test_what_would_lower_it_stands_once_and_is_said_to_be_no_cause(preaudit: Run, tmp_path: Path):
    settings = settings_for(tmp_path)
    make_warehouse(settings)
    change(settings, f"update ml.scores set levers = {LEVERS} where entity_id = 'P01'")
    publish(settings, DAY, {"run_id": "r1"})

    shown = preaudit(settings.home, "show", "P01", columns=140).out

    assert "not a cause" in shown
    assert shown.count("Overtime: with 2 instead of 9") == 1
    assert "it was not asked" in preaudit(settings.home, "show", "P02", columns=140).out


def test_two_controls_with_the_same_reasons_tell_them_once_to_people_and_both_times_to_programs(preaudit: Run, published: Any):
    sentence = "2 trainings overdue; usual is 0"
    assert preaudit(published.home, "show", "P01", columns=140).out.count(sentence) == 1
    assert preaudit(published.home, "show", "P01", "--format", "json").out.count(sentence) == 3
