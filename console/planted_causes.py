"""Whether the reasons name the cause that the simulation planted, for simulated data only: the truth beside the landing folder.

Belongs here: a model of the earlier dates, the failures that its lists of the later dates catch, their reasons held against the
truth. Does not: anything the pipeline reads; nothing here flows back. Run as `python -m console.planted_causes`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import polars as pl

from console.output import Column, Format, Page, Table, emit, of
from console.words import percent
from preaudit.errors import PreauditError
from preaudit.settings import Settings, get_settings

if TYPE_CHECKING:
    from ml.model import Model

# A reader looks at this many reasons.
TOP_REASONS = 3
EARLIER_DATES = 0.6
KEYS = ["as_of_on", "entity_id", "control_id"]
# What can show a cause, family or single feature, so that a reader of the reason would look in the right place. How often a
# control can fail (exposure) is nobody's workload, and other processes' rates say nothing about this one's discipline.
_OWN_TRACES = {"past_failures", "log_in", "data_use", "quality"}
_STAFFING = {"process_overtime_per_head_28d", "process_vacancy_ratio_90d", "process_headcount_change_28d"}
SHOWN_BY: Mapping[str, Mapping[str, set[str]]] = {
    "agent": {
        "workload": {"workload", *_STAFFING},
        "tenure": {"tenure", "process_new_staff_ratio"},
        "notice": {"tenure"},
        "process_discipline": {"process_exceptions_per_head_28d", "peer_rate_shrunk"},
        "access_held": {"access_held", "countdown"},
        "training_wave": {"training", "countdown"},
        "carelessness": _OWN_TRACES,
        "mover": {"access_held", "tenure", "countdown"},
    },
    "process": {
        "workload": {"workload", "vacancy_ratio_90d", "headcount_change_28d"},
        "process_discipline": _OWN_TRACES,
    },
}
NEVER_SHOWS = {"exposure_28d", "exposure_trend_7d"}


@dataclass(frozen=True)
class CausesNamed:
    """How often the largest planted cause is among the first reasons of the failures that the list caught.

    Attributes:
        share: over failures whose largest cause has a feature; `lower` and `upper` are its 95 % interval.
        by_chance: the same with the reasons of another failure.
        without_feature: caught failures left out because nothing delivered shows their cause.
        by_cause: cause, failures, named, most_told (what the reasons of the others say).
    """

    entity_kind: str
    failures: int
    share: float
    lower: float | None
    upper: float | None
    by_chance: float
    without_feature: int
    by_cause: list[dict[str, Any]]


def measure(settings: Settings, entity_kind: str) -> CausesNamed:
    """Train on the earlier dates, list the later ones, and compare.

    Raises:
        PreauditError: the data is not simulated, or holds too few dates or failures to tell.
    """
    from ml.dataset import load_training_frame, matured
    from ml.explanation import explain
    from ml.features import features
    from ml.peers import peers_of
    from preaudit.warehouse import reading

    causes = largest_causes(settings, entity_kind)
    with reading(settings) as connection:
        frame = matured(load_training_frame(connection, entity_kind, settings.horizon_days))
    model, later = _model_of_earlier_dates(frame, entity_kind, settings)
    ratio = settings.capacity_agents_ratio if entity_kind == "agent" else settings.capacity_processes_ratio
    margins = model.margins(later)
    place = pl.Series("margin", margins).rank("ordinal", descending=True)
    within = later.select("as_of_on").with_columns(place.alias("place"))
    is_listed = pl.col("place").rank("ordinal").over("as_of_on") <= ratio * pl.len().over("as_of_on")
    listed = later.filter(within.select(is_listed.alias("is_listed"))["is_listed"])
    caught = listed.filter("is_failure").join(causes, on=KEYS, how="inner", maintain_order="left")
    shown = caught.filter(pl.col("cause").is_in(list(SHOWN_BY[entity_kind])))
    if shown.height < 2:
        raise PreauditError(f"Too few caught failures of a {entity_kind} to tell.", where=str(settings.home))
    reasons = explain(model, shown, features(entity_kind), peers_of(model, later, margins))  # type: ignore[arg-type]
    return compared(entity_kind, shown, reasons, caught.height - shown.height, settings.random_seed)


def largest_causes(settings: Settings, entity_kind: str) -> pl.DataFrame:
    """The largest planted cause per date and pair: as_of_on, entity_id, control_id, cause.

    Raises:
        PreauditError: no truth beside the landing folder.
    """
    path = settings.landing.parent / "truth" / "causes.parquet"
    if not path.is_file():
        raise PreauditError("Only simulated data knows its causes.", where=str(path), remedy="Use `preaudit simulate`.")
    names = ("entity_kind", "entity_id", "control_id", "cause")
    causes = pl.read_parquet(path).rename({"on_date": "as_of_on"}).with_columns(pl.col(names).cast(pl.String))
    mine = causes.filter(pl.col("entity_kind") == entity_kind).sort("share", "cause", descending=[True, False])
    return mine.unique(KEYS, keep="first", maintain_order=True).select(*KEYS, "cause")


def page(found: list[CausesNamed]) -> Page:
    """The figures of all kinds, and by cause where a reader would look for what is missing."""
    lines = tuple(
        f"{one.entity_kind}: the planted cause is among the first {TOP_REASONS} reasons of {percent(one.share)} of {one.failures}"
        f" caught failures (95 % interval {percent(one.lower)} to {percent(one.upper)}; with another failure's reasons"
        f" {percent(one.by_chance)}; {one.without_feature} left out, whose cause nothing delivered shows)."
        for one in found
    )
    rows = [{"entity_kind": one.entity_kind, **row} for one in found for row in one.by_cause]
    columns = (
        Column("Of", of("entity_kind"), is_short=True),
        Column("Cause", of("cause"), is_short=True),
        Column("Failures", of("failures"), is_number=True),
        Column("Named", lambda row: percent(row["named"]), is_number=True),
        Column("Where not named, the reasons told of", lambda row: ", ".join(row["most_told"]) or "-"),
    )
    return Page("Planted causes and the reasons given", (Table("by_cause", "", rows, columns),), {}, lines)


def _model_of_earlier_dates(frame: pl.DataFrame, entity_kind: str, settings: Settings) -> "tuple[Model, pl.DataFrame]":
    from ml.calibration import Calibrator
    from ml.features import features
    from ml.lightgbm_model import choose_rounds, fit_boosters
    from ml.model import Model

    days = frame["as_of_on"].unique().sort().to_list()
    if not days:
        raise PreauditError("No outcome is known yet.", where=str(settings.warehouse), remedy="Run over more days.")
    cut = days[int(EARLIER_DATES * len(days))]
    known = frame.filter(pl.col("as_of_on") < cut - timedelta(days=settings.horizon_days))
    if known.is_empty() or not known["is_failure"].any():
        raise PreauditError("No failure is known before the later dates.", where=str(settings.warehouse))
    inputs = features(entity_kind)  # type: ignore[arg-type]
    rounds = choose_rounds(known, inputs, settings.horizon_days, settings.random_seed, settings.threads)
    boosters = fit_boosters(known, inputs, rounds, [settings.random_seed], settings.threads)
    names = tuple(feature.name for feature in inputs)
    model = Model(entity_kind, settings.horizon_days, names, boosters, Calibrator(), settings.threads)
    return model, frame.filter(pl.col("as_of_on") >= cut)


def compared(
    kind: str, caught: pl.DataFrame, reasons: list[list[dict[str, Any]]], without_feature: int, seed: int
) -> CausesNamed:
    """Hold the raising reasons of each caught failure against its cause.

    Args:
        kind: agent or process.
        caught: as_of_on, entity_id, control_id, cause (of `SHOWN_BY`).
        reasons: of each of these rows, in the order in which they are shown.
        without_feature: to be told beside it.
        seed: of the resamples for the interval.
    """
    import numpy as np

    from ml.intervals import interval, resample

    told = [[one for one in of_pair if one["direction"] == "raises"][:TOP_REASONS] for of_pair in reasons]
    hits = np.array(
        [_names(kind, cause, of_pair) for cause, of_pair in zip(caught["cause"], told, strict=True)], dtype=np.float64
    )
    half = len(told) // 2
    others = [_names(kind, cause, of_pair) for cause, of_pair in zip(caught["cause"], told[half:] + told[:half], strict=True)]
    shares = [(w @ hits) / np.maximum(w.sum(axis=1), 1e-9) for w in resample(caught, seed).passes(caught)]
    lower, upper = interval(np.concatenate(shares))
    missed = caught.select("cause").with_columns(
        pl.Series("is_named", hits == 1.0), pl.Series("told", [[one["feature"] for one in of_pair] for of_pair in told])
    )
    by_cause = []
    for (cause,), rows in missed.sort("cause").group_by("cause", maintain_order=True):
        said = rows.filter(~pl.col("is_named"))["told"].explode(empty_as_null=False).value_counts(sort=True)["told"].head(3)
        by_cause.append({"cause": cause, "failures": rows.height, "named": rows["is_named"].mean(), "most_told": said.to_list()})
    return CausesNamed(kind, len(told), float(hits.mean()), lower, upper, float(np.mean(others)), without_feature, by_cause)


def _names(kind: str, cause: str, told: list[dict[str, Any]]) -> bool:
    shown = SHOWN_BY[kind][cause]
    return any(one["feature"] not in NEVER_SHOWS and (one["family"] in shown or one["feature"] in shown) for one in told)


if __name__ == "__main__":
    emit(page([measure(get_settings(), kind) for kind in ("agent", "process")]), Format.text)
