"""What the sample of a control, and the state of its population, lead to; and what that means for each criterion.

Belongs here: the conclusions and their rules. Does not: the figures they rest on (sampling.py, completeness.py, deviation.py).
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import polars as pl

from preaudit.audit.completeness import Completeness
from preaudit.audit.deviation import Plan
from preaudit.audit.sampling import Population


class Conclusion(StrEnum):
    """Of a control, or of a criterion."""

    not_met = "not_met"
    no_conclusion = "no_conclusion"
    met_with_limits = "met_with_limits"
    met = "met"


@dataclass(frozen=True)
class Verdict:
    """What is concluded of one control.

    Attributes:
        deviations: in the sample.
        limit_ratio: upper deviation limit; None where nothing was drawn.
        worst_ratio: the limit if every item that could not be judged deviated as well.
        reasons: why it is no better, one sentence each.
    """

    conclusion: Conclusion
    deviations: int
    limit_ratio: float | None
    worst_ratio: float | None
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class ControlTest:
    """Everything on one control: its library row, what there was, what was drawn, and what follows.

    Attributes:
        plan: None where nothing was judged.
        sample: grain in sampling.py; empty without a plan.
    """

    row: dict[str, Any]
    population: Population
    completeness: Completeness
    plan: Plan | None
    sample: pl.DataFrame
    verdict: Verdict

    @property
    def control_id(self) -> str:
        return str(self.row["control_id"])

    @property
    def is_missed(self) -> bool:
        """The sample is clean, and the whole population is not: what testing everything shows and drawing does not."""
        return self.plan is not None and not self.verdict.deviations and self.population.deviations > 0


@dataclass(frozen=True)
class Criterion:
    """One reference of the framework, over the controls that carry it.

    Attributes:
        allowed: deviations that the samples allow, added up; each control is judged by its own.
        missed: deviations in the populations of those controls whose sample has none.
    """

    reference_id: str
    conclusion: Conclusion
    control_ids: tuple[str, ...]
    sampled: int
    deviations: int
    allowed: int
    highest_limit_ratio: float | None
    missed: int


def judge(plan: Plan | None, deviations: int, zero_tolerance: int, population: Population, completeness: Completeness) -> Verdict:
    """The verdict on one control.

    Not met: more deviations than the sample allows, or one that the control never tolerates. Otherwise met, with limits where a
    day could not be evaluated, rows or items do not add up, or the items that could not be judged would, if they all deviated,
    take the rate past the tolerable one. No conclusion: nothing was judged.

    Args:
        deviations: in the sample, waived ones too: a waiver is management's word, which the auditor weighs.
        zero_tolerance: of these, not waived and of an item of which the control tolerates none.
    """
    if plan is None:
        unjudged = f"none of {population.unjudged:,} items could be judged" if population.unjudged else "nothing was tested"
        return Verdict(Conclusion.no_conclusion, 0, None, None, (unjudged, *completeness.limits))
    limit = plan.limit(deviations)
    open_share = population.unjudged / (population.judged + population.unjudged)
    worst = limit * (1 - open_share) + open_share
    found = []
    if deviations > plan.allowed:
        found.append(f"deviations in the sample: {deviations}, allowed: {plan.allowed}")
    if zero_tolerance:
        found.append(f"deviations in the sample that the control never tolerates: {zero_tolerance}")
    limits = list(completeness.limits)
    if open_share and worst > plan.tolerable_ratio:
        limits.append(f"{population.unjudged:,} items could not be judged, too many to be left out")
    conclusion = Conclusion.not_met if found else Conclusion.met_with_limits if limits else Conclusion.met
    return Verdict(conclusion, deviations, limit, worst, (*found, *limits))


def criteria(tests: list[ControlTest], framework: str) -> list[Criterion]:
    """One row per reference that a control carries, by reference.

    Not met where one control is not met; no conclusion where no control has one; met only where every control is.
    """
    by_reference: dict[str, list[ControlTest]] = {}
    for test in tests:
        for reference in (test.row[framework] or "").split():
            by_reference.setdefault(reference, []).append(test)
    return [_criterion(reference, by_reference[reference]) for reference in sorted(by_reference)]


def _criterion(reference: str, tests: list[ControlTest]) -> Criterion:
    conclusions = {test.verdict.conclusion for test in tests}
    plans = [test.plan for test in tests if test.plan is not None]
    limits = [test.verdict.limit_ratio for test in tests if test.verdict.limit_ratio is not None]
    if Conclusion.not_met in conclusions:
        conclusion = Conclusion.not_met
    elif len(conclusions) == 1:
        (conclusion,) = conclusions
    else:
        conclusion = Conclusion.met_with_limits
    return Criterion(
        reference_id=reference,
        conclusion=conclusion,
        control_ids=tuple(test.control_id for test in tests),
        sampled=sum(plan.size for plan in plans),
        deviations=sum(test.verdict.deviations for test in tests),
        allowed=sum(plan.allowed for plan in plans),
        highest_limit_ratio=max(limits, default=None),
        missed=sum(test.population.deviations for test in tests if test.is_missed),
    )
