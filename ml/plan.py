"""How much a training does: the quick one of a first load, and the full one of every week.

Belongs here: the two plans. Does not: carrying them out (ml/training.py).
"""

from dataclasses import dataclass

CHALLENGERS = ("hazard", "lambdarank", "per_family")


@dataclass(frozen=True)
class TrainingPlan:
    """What to train and how far to look.

    Attributes:
        horizons: days to train a model for, beside the headline horizon.
        challengers: names of `CHALLENGERS` that are judged beside the model.
        trials: parameter sets the search may try at the headline horizon; 0 keeps the parameters of ml/lightgbm_model.py.
        with_ablation: ask at the headline horizon which families of features earn their place.
    """

    name: str
    horizons: tuple[int, ...] = ()
    challengers: tuple[str, ...] = ()
    trials: int = 0
    with_ablation: bool = False

    def all_horizons(self, headline: int) -> tuple[int, ...]:
        """The horizons to train, the headline first."""
        return (headline, *(days for days in sorted(set(self.horizons)) if days != headline))

    def at(self, horizon_days: int, headline: int) -> "TrainingPlan":
        """The plan of one horizon: search and ablation cost most and are done at the headline only."""
        if horizon_days == headline:
            return self
        return TrainingPlan(self.name, self.horizons, self.challengers)


QUICK = TrainingPlan("quick")
FULL = TrainingPlan("full", horizons=(7, 30, 90), challengers=CHALLENGERS, trials=25, with_ablation=True)
