"""`preaudit controls`, `coverage` and `frameworks`: what is summed up, who is named, and what is a gap."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from preaudit.pseudonyms import load_pseudonyms
from preaudit.settings import Settings

Run = Callable[..., Any]


def page(preaudit: Run, published: Settings, *command: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(preaudit(published.home, *command, "--format", "json").out)
    return found


def words(preaudit: Run, published: Settings, *command: str) -> str:
    return " ".join(preaudit(published.home, *command).out.split())


def test_controls_tell_agents_from_processes_and_say_why_one_was_not_evaluated(preaudit: Run, published: Settings) -> None:
    rows = {row["control_id"]: row for row in page(preaudit, published, "controls")["controls"]}

    hr = rows["HR-02"]
    assert (hr["process_fail"], hr["process_pass"], hr["agent_fail"], hr["agent_pass"]) == (1, 1, 1, 2)
    assert (hr["newly_failing"], hr["fixed"], hr["not_evaluable_reason"]) == (1, 1, "")
    assert (rows["SEC-01"]["agent_not_evaluable"], rows["SEC-01"]["not_evaluable_reason"]) == (3, "not implemented")
    assert "HR-02 Training done on time 1 of 2 1 of 3 1 1" in words(preaudit, published, "controls")


def test_an_area_counts_who_fails_any_of_its_controls_once(preaudit: Run, published: Settings) -> None:
    areas = {row["area"]: row for row in page(preaudit, published, "controls")["areas"]}

    keys = ("controls", "evaluated", "with_failures", "processes_failing", "agents_failing", "newly_failing", "fixed")
    assert [areas["PM"][key] for key in keys] == [2, 2, 2, 1, 1, 2, 1]
    assert [areas["SA"][key] for key in keys] == [1, 0, 0, 0, 0, 0, 0]
    assert "Process management 2 of 2" in words(preaudit, published, "controls")


def test_one_control_says_who_fails_what_is_new_what_is_fixed_and_what_to_do(preaudit: Run, published: Settings) -> None:
    new, fixed = (load_pseudonyms(published).agent(worker) for worker in ("W0001", "W0002"))
    found = page(preaudit, published, "controls", "hr-02")

    assert [(row["entity_id"], row["change"], row["new_exceptions"]) for row in found["failing"]] == [
        ("P01", "still_failing", 0),
        (new, "newly_failing", 2),
    ]
    assert [(row["entity_id"], row["change"]) for row in found["changed"]] == [(fixed, "fixed")]
    assert found["limits"][0] | {"meaning": ""} == {"limit": "limit_days", "value": 365.0, "meaning": ""}
    text = words(preaudit, published, "controls", "HR-02")
    for said in ("Is it done?", "P01 Claims intake", "Do it.", "policy", "CC1.4", "Cannot see", "Processes: 1 fail, 1 pass."):
        assert said in text


def test_options_may_stand_before_the_id(preaudit: Run, published: Settings) -> None:
    before = preaudit(published.home, "controls", "--format", "json", "HR-02")

    assert before.out == preaudit(published.home, "controls", "HR-02", "--format", "json").out


def test_a_control_that_could_not_be_evaluated_says_so_first(preaudit: Run, published: Settings) -> None:
    assert page(preaudit, published, "controls", "SEC-01")["notes"] == ["Not evaluable: not implemented."]


def test_a_long_list_is_cut_and_keeps_counting(preaudit: Run, published: Settings) -> None:
    assert "Who fails (1 of 2, --limit)" in words(preaudit, published, "controls", "HR-02", "--limit", "1")


def test_an_unknown_control_is_refused_with_a_suggestion(preaudit: Run, published: Settings) -> None:
    result = preaudit(published.home, "controls", "HR-20")

    assert result.code == 1
    assert "The library has no control 'HR-20'. Did you mean HR-02" in result.err


def test_coverage_is_summed_up_by_control_and_has_every_row_for_programs(preaudit: Run, published: Settings) -> None:
    found = page(preaudit, published, "coverage")

    assert len(found["coverage"]) == 6
    summary = {row["control_id"]: row for row in found["summary"]}
    assert (summary["HR-02"]["tested"], summary["HR-02"]["never_in_scope"]) == (1, 1)
    assert summary["SEC-01"]["reason"] == "not implemented"
    assert "By process" not in preaudit(published.home, "coverage").out
    text = words(preaudit, published, "coverage", "--process", "P02")
    assert "HR-02 P02 never in scope all 1 fresh" in text
    assert "OPS-04 P02 nothing today tickets: refused" in text


@pytest.mark.parametrize(("option", "known"), [("--control", "HR-02"), ("--process", "P01")])
def test_a_control_or_process_outside_the_map_is_refused_with_those_inside(
    preaudit: Run, published: Settings, option: str, known: str
) -> None:
    result = preaudit(published.home, "coverage", option, "NOPE")

    assert (result.code, result.out) == (1, "")
    assert known in result.err


def test_the_gap_list_names_references_that_no_evaluated_control_covers(preaudit: Run, published: Settings) -> None:
    text = words(preaudit, published, "frameworks")

    assert "SOC 2 CC7.1 SEC-01 0 0 SEC-01: not implemented" in text
    assert "CC1.4" not in text
    assert page(preaudit, published, "frameworks")["frameworks"] == [
        {"framework": "soc2", "references": 2, "covered": 1, "covered_in_part": 0, "gaps": 1, "with_failures": 1},
        {"framework": "iso27001", "references": 1, "covered": 1, "covered_in_part": 1, "gaps": 0, "with_failures": 1},
    ]


def test_one_framework_is_shown_with_every_reference(preaudit: Run, published: Settings) -> None:
    text = words(preaudit, published, "frameworks", "--framework", "soc2")

    assert "SOC 2 CC1.4 HR-02 OPS-04 2 2" in text
    assert "A.6.3" not in text
    assert preaudit(published.home, "frameworks", "--framework", "sox").code == 2


def test_a_command_beside_the_ids_is_not_taken_for_one(preaudit: Run, published: Settings) -> None:
    result = preaudit(published.home, "controls", "selftest", "--help")

    assert result.code == 0
    assert "has no control" not in result.err
    assert "{ID}" not in result.out
