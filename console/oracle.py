"""How close the list comes to perfect knowledge, for simulated data only: the truth beside the landing folder.

Belongs here: comparing three lists on the judged rows of the last training: the model's, the rule's, and an oracle's that ranks
by the true hazard. Does not: anything the pipeline reads; nothing here flows back.
"""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import polars as pl

from preaudit.pseudonyms import load_pseudonyms
from preaudit.review import validation_file
from preaudit.settings import Settings

# Hazards are written weekly; an older one says nothing about the row.
HAZARD_MAX_AGE = timedelta(days=6)


@dataclass(frozen=True)
class OracleComparison:
    """Failing entities that each list catches, added over the as-of dates; entities of equal score share the last places."""

    entity_kind: str
    failing: int
    by_model: float
    by_rule: float
    by_oracle: float


def compare_with_oracle(settings: Settings, entity_kind: str, ratio: float) -> OracleComparison | None:
    """The three lists on the same rows; None where the data is not simulated or nothing was judged.

    Args:
        settings: home and landing folders.
        entity_kind: agent or process.
        ratio: share of entities on the list of one as-of date.
    """
    hazards, judged = hazards_file(settings), validation_file(settings, entity_kind)
    if not hazards.is_file() or not judged.is_file():
        return None
    truth = pl.read_parquet(hazards).filter(pl.col("entity_kind").cast(pl.String) == entity_kind)
    if entity_kind == "agent":
        names = load_pseudonyms(settings).agents(truth["entity_id"].cast(pl.String))
        truth = truth.with_columns(names.alias("entity_id"))
    rows = _with_hazard(pl.read_parquet(judged), truth)
    if rows.is_empty() or "p_lightgbm" not in rows.columns or not rows["is_failure"].any():
        return None
    # The figures of the review table, so that both count in the same way.
    from ml import metrics
    from ml.intervals import resample

    whole = resample(rows, seed=0, resamples=0)

    def caught(judged_rows: pl.DataFrame, scores: str, *, is_probability: bool = True) -> float:
        entities = metrics.entity_rows(judged_rows, judged_rows[scores].to_numpy(), is_probability=is_probability)
        return round(failing * float(metrics.at_k(entities, whole, ratio)["recall_at_k"][0]), 1)

    failing = rows.filter(pl.col("is_failure")).select("as_of_on", "entity_id").n_unique()
    # The oracle goes for the most failures: every control weighs the same to it.
    unweighted = rows.with_columns(pl.lit(1.0).alias("severity_weight"))
    return OracleComparison(
        entity_kind,
        failing,
        by_model=caught(rows, "p_lightgbm"),
        by_rule=caught(rows, "score_rule", is_probability=False),
        by_oracle=caught(unweighted, "hazard_30d"),
    )


def oracle_sentence(found: OracleComparison) -> str:
    """'the list catches x of y failures; the rule z; an oracle who knows the true hazard w'."""
    return (
        f"{found.entity_kind}: the list catches {found.by_model:g} of {found.failing:,} failures; the rule {found.by_rule:g};"
        f" an oracle who knows the true hazard {found.by_oracle:g}."
    )


def hazards_file(settings: Settings) -> Path:
    """Where simulation/ writes what it knows; absent beside real data."""
    return settings.landing.parent / "truth" / "hazards.parquet"


def _with_hazard(judged: pl.DataFrame, hazards: pl.DataFrame) -> pl.DataFrame:
    """The judged rows of the dates that the truth covers; a pair without a hazard there cannot fail as far as is known."""
    keys = ["entity_id", "control_id"]
    names = [pl.col(key).cast(pl.String) for key in keys]
    known = hazards.select(*names, pl.col("on_date").alias("as_of_on"), pl.col("hazard_30d").cast(pl.Float64)).sort("as_of_on")
    rows = judged.sort("as_of_on").join_asof(
        known, on="as_of_on", by=keys, strategy="backward", tolerance=HAZARD_MAX_AGE, check_sortedness=False
    )
    is_covered = pl.col("hazard_30d").is_not_null().any().over("as_of_on")
    return rows.filter(is_covered & pl.col("is_failure").is_not_null()).with_columns(pl.col("hazard_30d").fill_null(0.0))
