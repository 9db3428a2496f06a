"""What the model has to beat, and what might beat the model: small classes with one interface (base.py).

Belongs here: competitors 1 to 5 and the challengers of forecasting.md. Does not: the model itself (ml/lightgbm_model.py), the
figures (ml/metrics.py).
"""

from collections.abc import Sequence

from ml.competitors.base import ORDER_ONLY, RULE, Combine, Competitor, column, combine
from ml.competitors.logistic import Logistic
from ml.competitors.past import BaseRate, PairRate, Rule, rule_order
from ml.competitors.severity import WeightedSum

__all__ = [
    "ORDER_ONLY",
    "RULE",
    "BaseRate",
    "Combine",
    "Competitor",
    "Logistic",
    "PairRate",
    "Rule",
    "WeightedSum",
    "column",
    "combine",
    "rule_order",
    "simple_competitors",
]


def simple_competitors(features: Sequence[str], seed: int = 0) -> tuple[Competitor, ...]:
    """Competitors 1 to 5 of forecasting.md in that order, unfitted."""
    return BaseRate(), Rule(), PairRate(), WeightedSum(), Logistic(features, seed)
