"""The simulation knows why a pair is at risk; the reasons given for the worst pairs are held against it."""

from pathlib import Path

import polars as pl
import pytest

from ml import model as model_store
from ml.dataset import load_training_frame
from ml.explanation import explain
from ml.features import features
from ml.model import Model
from preaudit.warehouse import reading
from tests.integration.operation import Operation

pytestmark = pytest.mark.slow

# Which families can show a hidden cause. Nothing of ours sees the IT queue.
SHOWN_BY = {
    "workload": {"workload", "team"},
    "tenure": {"tenure"},
    "notice": {"tenure"},
    "process_discipline": {"team"},
    "access_held": {"access_held", "countdown"},
    "training_wave": {"training", "countdown"},
    "carelessness": {"past_failures", "log_in", "data_use", "quality"},
    "mover": {"access_held", "tenure", "countdown"},
}
LIST_RATIO = 0.05


def trained_model(operation: Operation, entity_kind: str) -> Model:
    """The model that the load of the history trained, whether or not its gate let it serve."""
    found = [model_store.load(path.parent) for path in (operation.home / "mlflow").rglob(model_store.DESCRIPTION)]
    return next(model for model in found if model.entity_kind == entity_kind)


def largest_causes(world: Path) -> pl.DataFrame:
    """The largest planted cause per date and pair, of those that a feature family can show."""
    causes = pl.read_parquet(world / "truth" / "causes.parquet").rename({"on_date": "as_of_on"})
    causes = causes.with_columns(pl.col("entity_id", "control_id", "cause").cast(pl.String))
    shown = causes.filter(pl.col("cause").is_in(list(SHOWN_BY))).sort("share", descending=True, maintain_order=True)
    return shown.unique(["as_of_on", "entity_id", "control_id"], keep="first", maintain_order=True)


def share_named(causes: list[str], families: list[list[str]]) -> float:
    """Share of the failures whose cause is shown by one of the families named for it."""
    return sum(bool(SHOWN_BY[cause] & set(named)) for cause, named in zip(causes, families, strict=True)) / len(causes)


def test_reasons_name_the_planted_cause_of_failures_that_the_list_caught(
    loaded: Operation, world: Path, capsys: pytest.CaptureFixture[str]
):
    with reading(loaded.settings) as connection:
        frame = load_training_frame(connection, "agent", loaded.settings.horizon_days)
    model = trained_model(loaded, "agent")
    probability = pl.Series("probability", model.probabilities(frame))
    place = pl.col("probability").rank("ordinal", descending=True).over("as_of_on")
    listed = frame.with_columns(probability).filter(place <= LIST_RATIO * pl.len().over("as_of_on"))
    caught = listed.filter(pl.col("is_failure")).sort("as_of_on", "entity_id", "control_id")
    reasons = explain(model, caught, features("agent"))
    raising = [[reason["family"] for reason in of_pair if reason["direction"] == "raises"] for of_pair in reasons]
    keys = ["as_of_on", "entity_id", "control_id"]
    told = caught.select(keys).with_columns(pl.Series("families", raising, dtype=pl.List(pl.String)))
    judged = told.join(largest_causes(world), on=keys, maintain_order="left")
    causes, families = judged["cause"].to_list(), judged["families"].to_list()
    named = share_named(causes, families)
    by_chance = share_named(causes, families[len(families) // 2 :] + families[: len(families) // 2])
    with capsys.disabled():
        print(
            f"\nplanted cause among the raising reasons: {named:.0%} of {len(causes)} caught failures of agents"
            f" (with another failure's reasons: {by_chance:.0%})"
        )
    assert named > 0
