"""The catalogue of model inputs: what each feature is called, what it says to a person, and which family it belongs to.

Belongs here: what a feature is, its families and their owners, and the inputs of each model in the column order of the marts
`ftr_agent_pairs` and `ftr_process_pairs`. The rows themselves are in ml/feature_rows.py; docs/features.md is written from both.
Does not: how a feature is computed (dbt_project/models), or what a model makes of it (ml/training.py, ml/explanation.py).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from ml.feature_rows import AGENT, PAIR, PROCESS, STAFF, FeatureRow

EntityKind = Literal["agent", "process"]

KEY_COLUMNS = ("as_of_on", "entity_id", "control_id")
SLICE_COLUMNS = ("slice_site", "slice_tenure_band", "slice_employment_type", "slice_shift", "slice_size_band")


@dataclass(frozen=True)
class Family:
    """Features that one reason is made of.

    Attributes:
        words: what the family is called in a reason.
        owner: who in the operation answers for these numbers and can move them.
    """

    words: str
    owner: str


FAMILY_TABLE: dict[str, Family] = {
    "past_failures": Family("past failures", "compliance"),
    "control": Family("how often this control fails anywhere", "compliance"),
    "countdown": Family("limits about to run out", "team leads"),
    "training": Family("overdue training", "training"),
    "log_in": Family("log-in habits", "information security"),
    "data_use": Family("data viewed and exported", "data protection"),
    "access_held": Family("access held", "access management"),
    "workload": Family("workload", "workforce management"),
    "quality": Family("quality of ticket work", "quality assurance"),
    "tenure": Family("tenure and change", "human resources"),
    "team": Family("team and process", "operations"),
}
FAMILIES: dict[str, str] = {name: family.words for name, family in FAMILY_TABLE.items()}


@dataclass(frozen=True)
class Feature:
    """One model input. All values are Float64; NaN means "not known", never zero.

    Attributes:
        name: column of the mart.
        entity_kind: "agent" or "process": whose model reads it.
        family: key of `FAMILIES`.
        sentence: what the number is, readable after "because of".
        direction: monotone constraint (1 more is riskier, -1 less), 0 where an argument is possible.
        is_actionable: a manager can move it within weeks.
        unit: days, count, ratio, minutes, log ratio, level or flag.
    """

    name: str
    entity_kind: EntityKind
    family: str
    sentence: str
    direction: Literal[-1, 0, 1]
    is_actionable: bool
    unit: str

    @property
    def owner(self) -> str:
        """Who answers for the number: the owner of its family."""
        return FAMILY_TABLE[self.family].owner


_CONTROLS: dict[EntityKind, tuple[str, ...]] = {
    "agent": (
        "JML-01",
        "JML-02",
        "JML-03",
        "ACC-02",
        "ACC-04",
        "ACC-05",
        "ACC-06",
        "DATA-01",
        "DATA-02",
        "DATA-03",
        "DATA-04",
        "HR-01",
        "HR-02",
        "HR-03",
        "HR-04",
        "CHG-02",
        "OPS-01",
        "OPS-02",
        "OPS-04",
        "SEC-01",
        "SEC-02",
        "SEC-03",
    ),
    "process": (
        "JML-01",
        "JML-02",
        "JML-03",
        "ACC-01",
        "ACC-02",
        "ACC-03",
        "ACC-06",
        "DATA-01",
        "DATA-03",
        "HR-03",
        "CHG-01",
        "CHG-02",
        "CHG-03",
        "CHG-04",
        "INC-01",
        "OPS-01",
        "OPS-02",
        "OPS-03",
        "OPS-04",
        "SEC-01",
        "SEC-02",
        "SEC-03",
        "SEC-04",
        "SEC-05",
    ),
}

# Beyond argument only: with everything else equal, more of these cannot make a failure less likely.
_DIRECTIONS: dict[str, Literal[-1, 0, 1]] = {"exceptions_28d": 1, "control_base_ratio": 1, "is_foreseeable": 1, "limits_ahead": 1}


def features(entity_kind: EntityKind) -> tuple[Feature, ...]:
    """Every input of one kind's model: the entity's own features, the pair's, then the control flags.

    Returns:
        Features in the column order of `ftr_agent_pairs` or `ftr_process_pairs`, after the key and slice columns.
    """
    own = AGENT if entity_kind == "agent" else PROCESS
    flags = (
        (f"is_control_{control_id.lower().replace('-', '_')}", "control", "flag", False, f"the control is {control_id}")
        for control_id in _CONTROLS[entity_kind]
    )
    return tuple(_rows(entity_kind, (*own, *PAIR, *flags)))


def staff_features() -> tuple[Feature, ...]:
    """Inputs of the process model that no mart holds: `ml.staff_scores` adds them to the rows before training and scoring."""
    return tuple(_rows("process", STAFF))


def _rows(entity_kind: EntityKind, table: Iterable[FeatureRow]) -> Iterable[Feature]:
    for name, family, unit, is_actionable, sentence in table:
        yield Feature(name, entity_kind, family, sentence, _DIRECTIONS.get(name, 0), is_actionable, unit)
