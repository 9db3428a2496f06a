"""The challengers by name, as a plan asks for them.

Belongs here: making them. Does not: what they are (a module each).
"""

from collections.abc import Sequence

from ml.competitors.base import Competitor
from ml.competitors.hazard import DiscreteTimeHazard
from ml.competitors.lambdarank import LambdaRank
from ml.competitors.per_family import PerFamily
from ml.features import Feature


def make_challengers(
    names: Sequence[str], features: Sequence[Feature], rounds: int, horizon_days: int, seed: int
) -> tuple[Competitor, ...]:
    """The named challengers, unfitted, with as many trees as the model has at that origin."""
    known: dict[str, Competitor] = {
        DiscreteTimeHazard.name: DiscreteTimeHazard(features, rounds, horizon_days, seed),
        LambdaRank.name: LambdaRank(features, rounds, seed),
        PerFamily.name: PerFamily(features, rounds, seed),
    }
    return tuple(known[name] for name in names)
