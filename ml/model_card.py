"""The model card: all that a person needs who has to say yes or no to a model version, in reading order.

Belongs here: its sections, made from a training's outcome. Does not: how it is written (ml/card_text.py), where it is kept
(ml/registry.py), the figures themselves (ml/review.py, ml/slices.py).
"""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import polars as pl

from ml.canvas import words
from ml.card_text import Grid, Section
from ml.evaluation import MODEL
from ml.features import FAMILIES
from ml.review import COMPETITORS, figure
from ml.slices import MIN_ENTITIES, MIN_LISTED

if TYPE_CHECKING:
    from ml.training import TrainingOutcome

COMPARED = {
    "recall_at_k": "recall at k", "precision_at_k": "precision at k", "lift_over_rule": "lift over the rule",
    "average_precision": "average precision", "log_loss": "log-loss",
    "observed_to_expected_at_k": "observed / expected in the list",
}  # fmt: skip
SPLITS = {
    "seen_later": "seen entities, later in time (headline)",
    "seen_later_not_foreseeable": "the same without what a countdown foresees",
    "unseen_same_time": "unseen entities, same time",
    "unseen_later": "unseen entities, later in time",
    "in_sample": "in-sample: must not be quoted",
}
TOLD_FACTS = {
    "plan": "plan", "code_version": "code", "data_digest": "digest of the training data", "sql_digest": "digest of all SQL",
    "rows": "rows", "failing_rows": "failing rows", "matured_failures": "distinct failures", "entities": "entities",
    "controls": "controls", "first_as_of_on": "first as-of date", "last_as_of_on": "last as-of date",
    "origins": "rolling origins",
    "first_origin": "first origin", "last_origin": "last origin", "calibrator": "calibrator", "rounds": "trees", "seeds": "seeds",
}  # fmt: skip
LIMITS = (
    "Reasons and levers are the model's sensitivities, not causes.",
    "The chance of an entity takes its controls as independent given the features, which overstates it where risks go together.",
    "People act on the list, and a failure that was prevented is a 'no failure' to the next model.",
    "Figures of one operation are no promise about another; with few entities the intervals are wide, and that is what they say.",
)


def sections(outcome: "TrainingOutcome", slices: pl.DataFrame, stability: pl.DataFrame, max_age_days: int) -> list[Section]:
    """The card. `max_age_days`: days after the last training date on which a champion has expired."""
    kind, horizon, facts = outcome.entity_kind, outcome.horizon_days, outcome.facts
    told = [(TOLD_FACTS[key], _fact(facts[key])) for key in TOLD_FACTS if key in facts]
    found = [
        Section("Verdict", (f"The gate says: {outcome.decision.verdict}.", _gate(outcome))),
        Section("What it is for", _purpose(kind, horizon, facts)),
        Section("Cohort, label and time", _time_rules(horizon)),
        Section("Data and code", (Grid(("what", "value"), told), "sql_digests.json: every feature and label file by digest.")),
        Section(
            "The model beside its competitors", (_competitors(outcome.review), _splits(outcome.review)),
            ("gain_over_rule", "precision_recall"),
        ),
        Section("Are the probabilities true", (_calibration(outcome.review),), ("reliability", "reliability_by_control")),
        Section("Slices and parity", _slices(slices)),
        Section("Features by family", (_families(outcome), _unearned(outcome)), ("contributions",)),
        Section("Ablation", (_ablation(outcome.ablation),), ("ablation",)),
        Section("Stability", (_stability(stability),), ("list_stability", "score_histogram")),
        Section("Leak tests", _leaks(outcome)),
        Section("Limits", LIMITS),
        Section("Expiry and approval", (_expiry(facts, max_age_days), _approval())),
    ]  # fmt: skip
    return found


def summary(outcome: "TrainingOutcome", max_age_days: int) -> str:
    """The card in a few lines of Markdown, for the description of a run and of a version."""
    answers = [
        f"- {'yes' if one.is_yes else 'no'}{'' if one.decides else ' (told only)'}: {one.detail}"
        for one in outcome.decision.answers
    ]
    caught = figure(outcome.review, MODEL, "recall_at_k")
    rule = figure(outcome.review, "rule", "recall_at_k")
    compared = f"Recall at k {interval_words(caught)}, the rule {interval_words(rule)}." if caught and rule else ""
    head = f"**{outcome.entity_kind}, {outcome.horizon_days} days: {outcome.decision.verdict}.** {compared}".strip()
    tail = f"{_expiry(outcome.facts, max_age_days)} Read `review/model_card.html` among the run's artifacts before approving."
    return "\n\n".join(part for part in (head, "\n".join(answers), tail) if part)


def interval_words(row: Mapping[str, Any] | None) -> str:
    """'0.42 (0.35 to 0.50)', without brackets where there is no interval, '-' where the figure is not defined."""
    if row is None or row["value"] is None:
        return "-"
    ends = "" if row["lower"] is None else f" ({row['lower']:.2f} to {row['upper']:.2f})"
    return f"{row['value']:.2f}{ends}"


def _gate(outcome: "TrainingOutcome") -> Grid:
    rows = [
        (one.question.replace("_", " "), "yes" if one.is_yes else "no", "decides" if one.decides else "told only", one.detail)
        for one in outcome.decision.answers
    ]
    return Grid(("question", "answer", "weight", "numbers"), rows)


def _purpose(kind: str, horizon: int, facts: Mapping[str, Any]) -> tuple[str, ...]:
    share = f"{float(facts['capacity_ratio']):.0%}" if "capacity_ratio" in facts else "the configured share"
    kinds = {"agent": "agents", "process": "processes"}[kind]
    return (
        f"For: choosing which {share} of {kinds} to help first, by the chance of a new, non-waived failure of a control within"
        f" {horizon} days.",
        "Not for: judging, paying or dismissing people; decisions without a person; comparing sites or managers; other companies'"
        " data; saying why a failure happened.",
    )


def _time_rules(horizon: int) -> tuple[str, ...]:
    return (
        "Cohort: pairs of entity and control that could fail on the as-of date; those that are failing already, and controls that"
        " could not be evaluated that day, are left out.",
        f"Label: at least one new, non-waived failure in (d, d + {horizon}]; unknown until the window has passed, or where the"
        " control was evaluable on under 80 % of its days and no failure was seen.",
        "Time: a row is visible at d if it was known and had happened by the end of d. Weekly as-of dates; a training row's label"
        " window ended before the origin that it trains.",
    )


def _competitors(review: pl.DataFrame) -> Grid:
    names = [name for name in COMPETITORS if name in review["competitor"].to_list()]
    rows = [(words(name), *(interval_words(figure(review, name, metric)) for metric in COMPARED)) for name in names]
    return Grid(("ranked by (95 % interval)", *COMPARED.values()), rows)


def _splits(review: pl.DataFrame) -> Grid:
    metrics = ("recall_at_k", "average_precision", "log_loss")
    present = [split for split in SPLITS if split in review["split"].to_list()]
    rows = [(SPLITS[split], *(interval_words(figure(review, MODEL, metric, split)) for metric in metrics)) for split in present]
    return Grid(("the model on", *(COMPARED[metric] for metric in metrics)), rows)


def _calibration(review: pl.DataFrame) -> Grid:
    metrics = {"expected_at_k": "expected failing pairs in the list", "observed_at_k": "observed", "log_loss_skill": "log-loss"
               " saved against the base rate", "brier_skill": "Brier score saved against the base rate"}  # fmt: skip
    rows = [(told, interval_words(figure(review, MODEL, metric))) for metric, told in metrics.items()]
    return Grid(("figure", "value (95 % interval)"), rows)


def _slices(slices: pl.DataFrame) -> tuple[str | Grid, ...]:
    rows = [
        (
            row["slice"].replace("_", " "), row["group"], f"{row['entities']:,}", f"{row['listed']:,}",
            *(("too few", "", "") if not row["is_enough"] else (
                f"{row['false_discovery_ratio']:.0%} ({row['lower']:.0%} to {row['upper']:.0%})", _number(row["against_all"]),
                _number(row["observed_to_expected"]),
            )),
        )
        for row in slices.iter_rows(named=True)
    ]  # fmt: skip
    return (
        "False discovery: the share of places on the list whose holder did not fail. A group is judged from"
        f" {MIN_LISTED} places and {MIN_ENTITIES} entities on. Whether a difference is acceptable is the reviewer's to say.",
        Grid(("slice", "group", "entities", "places", "false discovery (95 %)", "against all", "observed / expected"), rows),
    )


def _families(outcome: "TrainingOutcome") -> Grid:
    grouped = outcome.effects.group_by("family").agg(pl.len().alias("n"), pl.col("effect").sum(), pl.col("sentence").first())
    ordered = grouped.sort("effect", "family", descending=[True, False]).iter_rows(named=True)
    rows = [
        (FAMILIES.get(row["family"], row["family"]), str(row["n"]), f"{row['effect']:.2f}", row["sentence"]) for row in ordered
    ]
    return Grid(("family", "features", "mean absolute effects, log-odds", "most read"), rows)


def _unearned(outcome: "TrainingOutcome") -> str:
    return f"Left out, because they earned nothing: {', '.join(outcome.unearned) or 'none'}."


def _ablation(table: pl.DataFrame) -> str | Grid:
    if table.is_empty():
        return "Not asked in this training (the weekly full training asks it at the headline horizon)."
    rows = [
        (row["family_words"], str(row["metric"]).replace("_", " "), _change(row), "dropped" if row["is_dropped"] else "kept")
        for row in table.iter_rows(named=True)
    ]
    return Grid(("without the family", "figure", "change (95 % interval)", "so it is"), rows)


def _stability(table: pl.DataFrame) -> str:
    if table.is_empty():
        return "One judged date only: nothing to compare."
    least, mean = table.sort("overlap", "as_of_on").row(0, named=True), float(table["overlap"].mean())  # type: ignore[arg-type]
    return (
        f"Of a date's list {mean:.0%} were on the list of the date before, on average; fewest on {least['as_of_on']}:"
        f" {least['overlap']:.0%}."
    )


def _leaks(outcome: "TrainingOutcome") -> tuple[str, ...]:
    found = [answer.detail for answer in outcome.decision.answers if answer.question == "no_leak_alarm"]
    suite = (
        "In the test suite of this code: deleting the future leaves the features the same, shifting all dates leaves the scores"
        " the same, shuffled labels teach nothing, outcomes written back onto earlier rows are not read."
    )
    return (*(f"This training: {detail}." for detail in found), suite)


def _expiry(facts: Mapping[str, Any], max_age_days: int) -> str:
    last = str(facts.get("last_as_of_on") or "")
    if not last:
        return "No expiry: nothing was trained."
    expires = date.fromisoformat(last) + timedelta(days=max_age_days)
    return f"Expires on {expires}, {max_age_days} days after the last date it was trained on."


def _approval() -> str:
    return (
        "Who approved it, when and why stands in the version's tags and description, and in approvals.jsonl beside the registry;"
        " a card is written before anybody can have approved."
    )


def _fact(value: Any) -> str:
    return f"{value:,}" if isinstance(value, int) else str(value)


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.2f}"


def _change(row: Mapping[str, Any]) -> str:
    ends: Iterable[float | None] = (row["lower"], row["upper"])
    between = " to ".join(f"{end:+.4f}" for end in ends if end is not None)
    return f"{row['change']:+.4f}" + (f" ({between})" if between else "")
