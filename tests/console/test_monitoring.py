"""`preaudit monitoring`: what came of past lists beside the rule's, and what has left its limit."""

import json
from collections.abc import Callable
from typing import Any

from preaudit.settings import Settings

Run = Callable[..., Any]


def test_the_last_matured_list_is_put_beside_the_rule_with_and_without_those_acted_upon(
    preaudit: Run, published: Settings
) -> None:
    said = " ".join(preaudit(published.home, "monitoring").out.split())
    assert "Of the 40 agents listed on 2026-01-01, 27 failed; the old rule would have caught 18." in said
    assert "Without the 3 that were acted upon: 26 of 37" in said


def test_a_back_tested_list_is_never_called_served(preaudit: Run, published: Settings) -> None:
    said = " ".join(preaudit(published.home, "monitoring").out.split())
    assert "Processes: no list that was served has matured; the first one does on 2026-03-02." in said
    assert "Back-test on 1 date, served to nobody: of 2 processes that the model would have listed, 2 failed" in said


def test_what_is_outside_its_limit_is_a_note_in_every_format(preaudit: Run, published: Settings) -> None:
    note = "agent: share of inputs that drifted 0.50 (limit 0.10); 1 of 2 inputs."
    assert json.loads(preaudit(published.home, "monitoring", "--format", "json").out)["notes"] == [note]
    assert note in preaudit(published.home, "monitoring", "--format", "csv").err


def test_the_input_nearest_to_its_limit_comes_first(preaudit: Run, published: Settings) -> None:
    found = json.loads(preaudit(published.home, "monitoring", "--limit", "1", "--format", "json").out)
    assert [row["name"] for row in found["inputs"]] == ["logins_28d"]
    assert len(found["lists"]) == 1
