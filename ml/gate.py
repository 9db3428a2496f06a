"""Whether a challenger may become champion: the questions, their answers and the verdict in words.

Belongs here: the rules of promotion, pure. Does not: figures (ml/review.py), aliases and approval (ml/registry.py).
"""

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from ml.evaluation import MODEL
from ml.leaks import ALARM_AUC
from ml.review import LINEAR, figure

# forecasting.md: outside these the list promises a number of failures that does not come.
OBSERVED_TO_EXPECTED = (0.8, 1.25)
PASSED = "passed the gate"
NO_BETTER = "no better than the rule"


@dataclass(frozen=True)
class Answer:
    """One question of the gate, whether it was answered yes, and the numbers behind it.

    An answer that does not decide is told beside the verdict: a reader should know it, and no promotion hangs on it.
    """

    question: str
    is_yes: bool
    detail: str
    decides: bool = True


@dataclass(frozen=True)
class Decision:
    """The gate's verdict: `passed` only when every answer is yes; `verdict` is what the ranking and MLflow show."""

    passed: bool
    verdict: str
    answers: tuple[Answer, ...] = ()


def no_model(reason: str) -> Decision:
    """The verdict where nothing could be trained; `reason` is a phrase such as '12 matured failures, need 50'."""
    return Decision(False, f"no model: {reason}")


def decide(review: pl.DataFrame, leak_alarms: Mapping[str, float], *, data_gate_passed: bool) -> Decision:
    """Ask every question; the verdict names the first that was answered no, the rule's comparison before all others."""
    notes = (_beats_rule_unforeseen(review), _beats_linear(review))
    answers = (
        *(_beats_rule(review), _is_true_in_list(review), _leaks(leak_alarms), _data(data_gate_passed)),
        *(note for note in notes if note is not None),
    )
    refused = [answer for answer in answers if answer.decides and not answer.is_yes]
    if not refused:
        return Decision(True, PASSED, answers)
    if refused[0].question == "beats_rule":
        return Decision(False, NO_BETTER, answers)
    return Decision(False, f"not promoted: {refused[0].detail}", answers)


def _beats_rule(review: pl.DataFrame) -> Answer:
    found = figure(review, MODEL, "recall_at_k_minus_rule")
    if found is None:
        return Answer("beats_rule", False, "recall at k could not be compared: no failing entity in the rolling origins")
    if found["lower"] is None:
        return Answer(
            "beats_rule", False, f"recall at k {found['value']:+.3f} against the rule, too few entities for an interval"
        )
    detail = f"recall at k {found['value']:+.3f} against the rule (95 % interval {found['lower']:+.3f} to {found['upper']:+.3f})"
    return Answer("beats_rule", found["lower"] > 0, detail)


def _beats_rule_unforeseen(review: pl.DataFrame) -> Answer | None:
    """Where nothing is foreseeable there is nothing to leave out, and no answer."""
    found = figure(review, MODEL, "recall_at_k_minus_rule", "seen_later_not_foreseeable")
    if found is None or found["lower"] is None:
        return None
    detail = (
        f"without the failures that a countdown foresees, recall at k {found['value']:+.3f} against the rule "
        f"(95 % interval {found['lower']:+.3f} to {found['upper']:+.3f})"
    )
    return Answer("beats_rule_without_foreseeable", found["lower"] > 0, detail, decides=False)


def _beats_linear(review: pl.DataFrame) -> Answer | None:
    """Trees are harder to read than a regression; what they add is told. The gate asks only whether the model serves people."""
    found = figure(review, MODEL, f"average_precision_minus_{LINEAR}")
    recall = figure(review, MODEL, f"recall_at_k_minus_{LINEAR}")
    if found is None or recall is None or found["lower"] is None:
        return None
    detail = (
        f"against logistic regression, recall at k {recall['value']:+.3f} and average precision {found['value']:+.3f} "
        f"(95 % interval {found['lower']:+.3f} to {found['upper']:+.3f})"
    )
    return Answer("beats_logistic", found["lower"] > 0, detail, decides=False)


def _is_true_in_list(review: pl.DataFrame) -> Answer:
    found = figure(review, MODEL, "observed_to_expected_at_k")
    if found is None:
        return Answer("calibrated_at_k", False, "observed against expected failures in the list could not be computed")
    low, high = OBSERVED_TO_EXPECTED
    detail = f"observed / expected failures in the list {found['value']:.2f} (allowed {low} to {high})"
    return Answer("calibrated_at_k", low <= found["value"] <= high, detail)


def _leaks(leak_alarms: Mapping[str, float]) -> Answer:
    if not leak_alarms:
        return Answer("no_leak_alarm", True, f"no single feature has an AUC above {ALARM_AUC}")
    named = ", ".join(f"{name} ({value:.3f})" for name, value in sorted(leak_alarms.items()))
    return Answer("no_leak_alarm", False, f"a single feature separates failures by itself: {named}")


def _data(data_gate_passed: bool) -> Answer:
    words = "the data gate was green" if data_gate_passed else "the data gate was red for the training window"
    return Answer("data_gate", data_gate_passed, words)
