"""Figures in words: chances, rankings, reasons, statuses.

Belongs here: every sentence that more than one page says.
Does not: layout (output.py), or the wording of a reason, which the model's explanation gives (ml/explanation.py).
"""

import json
from typing import Any

MOST_REASONS = 3
NO_BETTER = "No better than the rule"
STATUSES = ("fail", "waived", "pass", "not_applicable", "not_evaluable", "error")
STATUS_WORDS = {"not_applicable": "not applicable", "not_evaluable": "not evaluable"}
AREA_WORDS = {"DG": "Data governance", "PM": "Process management", "SA": "System assurance"}
FRAMEWORK_WORDS = {
    "soc2": "SOC 2",
    "iso27001": "ISO/IEC 27001:2022",
    "nist80053": "NIST SP 800-53",
    "pci": "PCI DSS 4.0.1",
    "hipaa": "HIPAA",
}
CHANGE_WORDS = {
    "newly_failing": "new",
    "still_failing": "still failing",
    "fixed": "fixed",
    "passed_again": "passed again",
    "now_waived": "waived since",
    "gone": "nothing left to test",
    "not_tested": "no event today",
    "unknown": "cannot be told",
}
KIND_OF_ITEM_WORDS = {
    "state": "state: the whole population is tested every day",
    "event": "event: each is tested once, on the day it became known",
}
TESTED_FOR_WORDS = {"agent": "agents", "process": "processes", "both": "agents and processes"}


def why_the_rule(verdict: str | None) -> str:
    """Why the rule ranks and not a model, from the verdict of the last training (ml/gate.py); None where there was none."""
    if verdict is None:
        return "No model yet"
    if verdict.startswith("no model"):
        return verdict[0].upper() + verdict[1:]
    if verdict.startswith("passed"):
        return "A model passed its gate and waits for approval"
    if verdict.startswith("not promoted"):
        return "The model was not promoted"
    return NO_BETTER


def rule_note(why: str) -> str:
    """The sentence under a ranking that is the rule's."""
    return f"{why}: this is the rule's ranking (exceptions in the last 28 days)."


def chance(probability: float | None) -> str:
    """A probability as a person says it: '3 in 10', '1 in 40'; '-' where no model gives one."""
    if probability is None:
        return "-"
    if probability < 0.0005:
        return "under 1 in 1,000"
    if probability < 0.085:
        odds = 1 / probability
        # Two leading digits at most: a forecast is not exact enough for '1 in 137'.
        step = 1 if odds < 20 else 5 if odds < 50 else 10 if odds < 200 else 100
        return f"1 in {round(odds / step) * step:,}"
    if probability < 0.95:
        return f"{round(probability * 10)} in 10"
    return "over 19 in 20"


def chance_and_number(probability: float | None) -> str:
    """'3 in 10 (0.31)'; '-' where no model gives one."""
    return "-" if probability is None else f"{chance(probability)} ({number(probability)})"


def number(value: float | None, decimals: int = 2) -> str:
    """A figure with fixed decimals, or '-'; a small one that would show as zero keeps one leading digit."""
    if value is None:
        return "-"
    shown = f"{value:.{decimals}f}"
    return f"{value:.1g}" if value != 0 and float(shown) == 0 and abs(value) > 1e-4 else shown


def percent(value: float | None) -> str:
    """A ratio as a percentage, or '-'."""
    return "-" if value is None else f"{value:.1%}"


def reasons(text: str | None, most: int = MOST_REASONS) -> list[str]:
    """The sentences of a score's reasons (JSON of ml/explanation.py), but those that know neither the value nor the peers'."""
    found: list[dict[str, Any]] = json.loads(text) if text else []
    return [str(reason["sentence"]) for reason in found if not _says_nothing(reason)][:most]


def _says_nothing(reason: dict[str, Any]) -> bool:
    return "value" in reason and reason["value"] is None and reason.get("usual") is None


def counted(count: int, noun: str, plural: str = "") -> str:
    """'1 failure', '2 failures', '1,200 agents'."""
    return f"{count:,} {noun if count == 1 else plural or noun + 's'}"


def status_words(status: str) -> str:
    """A status as a person reads it."""
    return STATUS_WORDS.get(status, status)


def kind_words(entity_kind: str) -> str:
    """Plural of an entity kind."""
    return {"process": "processes", "agent": "agents"}[entity_kind]


COMPETITOR_WORDS = {
    "lightgbm": "the model",
    "rule": "the rule in use",
    "logistic": "logistic regression",
    "hazard": "discrete-time hazard",
    "lambdarank": "LambdaRank",
    "per_family": "a model per family of controls",
    "weighted_sum": "weighted sum of severities",
    "pair_rate": "past rate of the pair",
    "base_rate": "base rate of the control",
}


def interval_words(figure: dict[str, Any] | None) -> str:
    """'0.42 (0.35 to 0.50)'; without an interval where there is none, '-' where the figure is not defined."""
    if figure is None:
        return "-"
    lower, upper = figure["lower"], figure["upper"]
    between = "" if lower is None or upper is None else f" ({number(lower)} to {number(upper)})"
    return f"{number(figure['value'])}{between}"
