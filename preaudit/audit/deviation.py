"""How many deviations a sample allows, and what rate of them in the population it cannot rule out.

Belongs here: the upper deviation limit and the sampling plans with their tolerable rates. Does not: drawing (sampling.py), what a
deviation is (the control's rule), or the verdict, which also needs a complete population (verdicts.py).
"""

from dataclasses import dataclass

CONFIDENCE = 0.90  # 10 % risk of relying on a control that deviates more often than is tolerable
# A control that works once a business day does so some 250 times a year. Audit firms' tables of sample sizes by frequency take
# about 15 items of a daily control at lower risk and 25 of one that works many times a day: up to 250 items are the daily kind.
SMALL_POPULATION = 250
LARGE_SAMPLE, SMALL_SAMPLE = 25, 15
# What these sizes can show at all at 90 % without a deviation: 8.8 % and 14.2 %. Whoever takes them accepts the next round rate.
LARGE_TOLERABLE, SMALL_TOLERABLE = 0.10, 0.15


@dataclass(frozen=True)
class Plan:
    """How much is looked at, and what is tolerable.

    Attributes:
        population: judged items.
        size: items drawn.
        tolerable_ratio: highest rate of deviations in the population that the auditor would live with.
    """

    population: int
    size: int
    tolerable_ratio: float

    @property
    def is_census(self) -> bool:
        """Whether everything is looked at, so that nothing is inferred."""
        return self.size == self.population

    def limit(self, deviations: int) -> float:
        """Upper deviation limit of so many deviations; in a census the rate itself."""
        return deviations / self.size if self.is_census else upper_limit(deviations, self.size)

    @property
    def allowed(self) -> int:
        """Most deviations whose upper limit is tolerable; both plans that draw tolerate none or more."""
        return max(count for count in range(self.size + 1) if count == 0 or self.limit(count) <= self.tolerable_ratio)


def plan_for(population: int, tolerance_ratio: float) -> Plan | None:
    """25 items; 15 of a population of up to 250; all of a smaller one; None where there is nothing to draw from.

    Args:
        tolerance_ratio: the control's own tolerance, which decides where everything was looked at.
    """
    if population == 0:
        return None
    if population > SMALL_POPULATION:
        return Plan(population, LARGE_SAMPLE, LARGE_TOLERABLE)
    if population > SMALL_SAMPLE:
        return Plan(population, SMALL_SAMPLE, SMALL_TOLERABLE)
    return Plan(population, population, tolerance_ratio)


def upper_limit(deviations: int, size: int, confidence: float = CONFIDENCE) -> float:
    """The exact one-sided upper confidence limit of a rate (Clopper and Pearson, Biometrika 26, 1934).

    It is the rate p at which so few deviations are just as unlikely as the risk allows: P(X <= deviations) = 1 - confidence with
    X ~ Binomial(size, p). Solved by the beta distribution: p = quantile of Beta(deviations + 1, size - deviations) at the
    confidence; without a deviation 1 - (1 - confidence)^(1 / size). The tables of auditors hold the same figures: 25 items and 0
    deviations 8.8 % (AICPA Audit Guide Audit Sampling, evaluation table for 10 % risk of overreliance); 45 items and 0 deviations
    5 % (GAO/CIGIE Financial Audit Manual, figure 450.1). The binomial is for draws with replacement. Drawing without replacement,
    as we do, knows more (hypergeometric), so the limit errs to the safe side, by little where the population is large.

    Raises:
        ValueError: there are more deviations than items, fewer than none, or no item.
    """
    if not 0 <= deviations <= size or size == 0:
        raise ValueError(f"{deviations} deviations in {size} items")
    if deviations == size:
        return 1.0
    from scipy.special import betaincinv

    return float(betaincinv(deviations + 1, size - deviations, confidence))
