"""Whether the list treats groups alike: what it promised and hit per site, tenure band, employment type, shift, size of process.

Belongs here: figures of the model's list within groups, and how the list changes between dates. Does not: figures over everybody
(ml/review.py), or what follows from a bad slice (ml/gate.py).
"""

from itertools import pairwise

import polars as pl

from ml.dataset import Floats
from ml.evaluation import MODEL, column
from ml.features import SLICE_COLUMNS
from ml.metrics import entity_rows, list_length

# With fewer than twenty places on the lists a share moves by five points with one of them; eight entities are the fewest that an
# interval is given for anywhere (ml/intervals.py).
MIN_LISTED, MIN_ENTITIES = 20, 8
SCHEMA = {
    "slice": pl.String, "group": pl.String, "entities": pl.Int64, "entity_dates": pl.Int64, "listed": pl.Int64,
    "false_discoveries": pl.Int64, "false_discovery_ratio": pl.Float64, "lower": pl.Float64, "upper": pl.Float64,
    "against_all": pl.Float64, "failing_ratio": pl.Float64, "recall": pl.Float64, "expected_pairs": pl.Float64,
    "observed_pairs": pl.Int64, "observed_to_expected": pl.Float64, "is_enough": pl.Boolean,
}  # fmt: skip
STABILITY_SCHEMA = {"as_of_on": pl.Date, "previous_on": pl.Date, "listed": pl.Int64, "stayed": pl.Int64, "overlap": pl.Float64}


def slice_table(judged: pl.DataFrame, ratio: float) -> pl.DataFrame:
    """One row per group of each slice (`SCHEMA`), and 'all' first; no rows where nothing was judged by the model.

    Shares of a group with too few listed are null and `is_enough` is false. `against_all` is the group's false discovery ratio
    over everybody's; the interval is Wilson's and takes the dates as independent: too narrow where lists hardly change.
    """
    if judged.is_empty() or column(MODEL) not in judged.columns:
        return pl.DataFrame(schema=SCHEMA)
    listed = listed_entities(judged, judged[column(MODEL)].to_numpy(), ratio)
    names = [name for name in SLICE_COLUMNS if name in judged.columns]
    groups = judged.select("as_of_on", "entity_id", *names).unique(["as_of_on", "entity_id"], keep="first", maintain_order=True)
    rows = listed.join(groups, on=["as_of_on", "entity_id"], how="left").with_columns(pl.lit("all").alias("slice_all"))
    parts = []
    for name in ("slice_all", *names):
        known = rows.filter(pl.col(name).is_not_null()).with_columns(pl.col(name).cast(pl.String).alias("group"))
        parts.append(known.group_by("group").agg(_figures()).sort("group").with_columns(pl.lit(name[6:]).alias("slice")))
    table = pl.concat(parts)
    everybody = table["false_discovery_ratio"][0]
    is_enough = (pl.col("listed") >= MIN_LISTED) & (pl.col("entities") >= MIN_ENTITIES)
    table = table.with_columns(is_enough.alias("is_enough"), (pl.col("false_discovery_ratio") / everybody).alias("against_all"))
    shares = ("false_discovery_ratio", "lower", "upper", "against_all", "observed_to_expected")
    shown = (pl.when("is_enough").then(pl.when(pl.col(name).is_finite()).then(name)).alias(name) for name in shares)
    return table.with_columns(shown).select(list(SCHEMA)).cast(SCHEMA)  # type: ignore[arg-type]


def stability_table(judged: pl.DataFrame, ratio: float) -> pl.DataFrame:
    """How many of each date's list were on the list of the date before (`STABILITY_SCHEMA`)."""
    if judged.is_empty() or column(MODEL) not in judged.columns:
        return pl.DataFrame(schema=STABILITY_SCHEMA)
    listed = listed_entities(judged, judged[column(MODEL)].to_numpy(), ratio).filter("is_listed")
    lists = {day[0]: set(rows["entity_id"]) for day, rows in listed.sort("as_of_on").group_by("as_of_on", maintain_order=True)}
    rows = [
        (now, before, len(lists[now]), len(lists[now] & lists[before]), len(lists[now] & lists[before]) / len(lists[now]))
        for before, now in pairwise(lists)
    ]
    return pl.DataFrame(rows, schema=STABILITY_SCHEMA, orient="row")


def listed_entities(judged: pl.DataFrame, scores: Floats, ratio: float) -> pl.DataFrame:
    """Entity rows of ml/metrics.py with `is_listed`: the first k of each date, equal scores by id as the ranking does."""
    entities = entity_rows(judged, scores, is_probability=True).sort(
        ["as_of_on", "score", "entity_id"], descending=[False, True, False]
    )
    parts = [
        day.with_columns((pl.int_range(pl.len()) < list_length(ratio, day.height)).alias("is_listed"))
        for _, day in entities.group_by("as_of_on", maintain_order=True)
    ]
    return pl.concat(parts)


def _figures() -> list[pl.Expr]:
    on_list, failed = pl.col("is_listed"), pl.col("failed") == 1.0
    n, false, z = on_list.sum(), (on_list & ~failed).sum(), 1.96
    share = false / n
    centre, half = share + z**2 / (2 * n), z * (share * (1 - share) / n + z**2 / (4 * n**2)).sqrt()
    expected, observed = pl.col("expected_pairs").filter("is_listed").sum(), pl.col("failing_pairs").filter("is_listed").sum()
    return [
        pl.col("entity_id").n_unique().alias("entities"),
        pl.len().alias("entity_dates"),
        n.alias("listed"),
        false.alias("false_discoveries"),
        share.alias("false_discovery_ratio"),
        ((centre - half) / (1 + z**2 / n)).clip(0.0).alias("lower"),
        ((centre + half) / (1 + z**2 / n)).alias("upper"),
        failed.mean().alias("failing_ratio"),
        pl.when(failed.any()).then((on_list & failed).sum() / failed.sum()).alias("recall"),
        expected.alias("expected_pairs"),
        observed.cast(pl.Int64).alias("observed_pairs"),
        (observed / expected).alias("observed_to_expected"),
    ]
