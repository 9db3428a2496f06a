"""The gate: every question can be answered no, and the verdict says which was."""

import polars as pl
import pytest

from ml.gate import NO_BETTER, PASSED, decide, no_model
from ml.review import SCHEMA


def review(lower: float | None = 0.02, ratio: float | None = 1.0) -> pl.DataFrame:
    rows = []
    for metric, value, low in (("recall_at_k_minus_rule", 0.05, lower), ("observed_to_expected_at_k", ratio, None)):
        if value is not None:
            rows.append(
                {"split": "seen_later", "competitor": "lightgbm", "metric": metric, "value": value, "lower": low, "upper": 0.1}
            )
    return pl.DataFrame([dict.fromkeys(SCHEMA) | row for row in rows], schema=SCHEMA)


def test_a_model_that_holds_every_promise_passes():
    decision = decide(review(), {}, data_gate_passed=True)
    assert decision.passed
    assert decision.verdict == PASSED
    assert all(answer.is_yes for answer in decision.answers)


@pytest.mark.parametrize("lower", [0.0, -0.01, None])
def test_an_interval_that_is_not_above_zero_is_no_better_than_the_rule(lower):
    decision = decide(review(lower=lower), {}, data_gate_passed=True)
    assert (decision.passed, decision.verdict) == (False, NO_BETTER)


@pytest.mark.parametrize(("ratio", "is_yes"), [(0.79, False), (0.8, True), (1.25, True), (1.26, False), (None, False)])
def test_the_list_must_hold_about_as_many_failures_as_it_promised(ratio, is_yes):
    assert decide(review(ratio=ratio), {}, data_gate_passed=True).passed is is_yes


def test_a_leak_alarm_stops_the_promotion_and_is_named():
    decision = decide(review(), {"closed_code": 0.999}, data_gate_passed=True)
    assert not decision.passed
    assert "closed_code (0.999)" in decision.verdict


def test_red_data_stops_the_promotion():
    assert decide(review(), {}, data_gate_passed=False).verdict == "not promoted: the data gate was red for the training window"


def test_nothing_to_compare_is_no_better_than_the_rule():
    assert decide(pl.DataFrame(schema=SCHEMA), {}, data_gate_passed=True).verdict == NO_BETTER


def test_too_little_to_learn_from_is_said_as_such():
    assert no_model("12 matured failures, need 50").verdict == "no model: 12 matured failures, need 50"


def noted(metric: str, lower: float, split: str = "seen_later") -> dict:
    return {"split": split, "competitor": "lightgbm", "metric": metric, "value": 0.05, "lower": lower, "upper": 0.1}


def test_what_a_countdown_foresees_and_what_a_regression_can_do_is_told_and_decides_nothing():
    rows = [
        noted("recall_at_k_minus_rule", -0.01, "seen_later_not_foreseeable"),
        noted("recall_at_k_minus_logistic", -0.02),
        noted("average_precision_minus_logistic", -0.03),
    ]
    more = pl.DataFrame([dict.fromkeys(SCHEMA) | row for row in rows], schema=SCHEMA)
    decision = decide(pl.concat([review(), more]), {}, data_gate_passed=True)
    notes = {answer.question: answer for answer in decision.answers if not answer.decides}
    assert decision.passed
    assert set(notes) == {"beats_rule_without_foreseeable", "beats_logistic"}
    assert not any(note.is_yes for note in notes.values())
    assert "-0.010 to +0.100" in notes["beats_rule_without_foreseeable"].detail
    assert "-0.030 to +0.100" in notes["beats_logistic"].detail
