"""The frames a model is trained on and scores: how they are read from the warehouse, turned to numbers and fingerprinted.

Belongs here: queries against the feature and label marts, the Float64 matrix, the digest of the training data.
Does not: features themselves (dbt_project/ computes them, ml/features.py describes them), splits, models.
"""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
from numpy.typing import NDArray

from ml.features import KEY_COLUMNS
from preaudit.errors import PreauditError

if TYPE_CHECKING:
    import duckdb

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

ENTITY_KINDS = ("agent", "process")

# Failures are rare: more rows without one than this per failure cost time and teach little. With r of them kept per failure the
# variance of a fitted effect grows by about 1 + 1/r (Breslow 1996, case-control studies).
OTHERS_PER_FAILURE = 10
# With more failures than this allows, ten others each cost minutes and the effects are certain enough (2026-11).
MOST_FITTED_ROWS = 150_000
# Below this many rows all are kept.
NEVER_THINNED_ROWS = 10_000
# 100 features of this many rows are 0.8 GB; reading, sorting and evaluating them stays under 8 GB (make bench-training, 2026-11).
MOST_ROWS = 1_000_000
ROW_WEIGHT, JUDGED = "row_weight", "is_judged"


def load_training_frame(
    con: "duckdb.DuckDBPyConnection", entity_kind: str, horizon_days: int, *, most_rows: int = MOST_ROWS
) -> pl.DataFrame:
    """Every cohort pair with its features and its outcome; grain: as_of_on, entity_id, control_id.

    `is_failure` is null where the label window has not fully passed or could not be evaluated: such rows train nothing. A history
    of more than `most_rows` is thinned while it is read: see `_thinned_while_read`.
    """
    source = f"""
        from marts.{_view(entity_kind)} as pairs
        left join marts.lbl_pair_outcomes as outcomes
            on outcomes.as_of_on = pairs.as_of_on
            and outcomes.entity_kind = $kind
            and outcomes.entity_id = pairs.entity_id
            and outcomes.control_id = pairs.control_id
            and outcomes.horizon_days = $horizon
    """
    values = {"kind": entity_kind, "horizon": horizon_days}
    sizes = f"select count(*), count(*) filter (outcomes.is_failure) {source}"
    rows, failing = con.execute(sizes, values).fetchall()[0]
    if rows > most_rows:
        return _thinned_while_read(con, source, values, rows, failing, most_rows)
    order = "order by pairs.as_of_on, pairs.entity_id, pairs.control_id"
    return _polars(con, f"select pairs.*, outcomes.is_failure, outcomes.first_failed_on {source} {order}", values)


def _thinned_while_read(
    con: "duckdb.DuckDBPyConnection", source: str, values: dict[str, object], rows: int, failing: int, most_rows: int
) -> pl.DataFrame:
    """At most about `most_rows` rows that stand for all: `row_weight` says for how many, `is_judged` whether the entity is whole.

    A list can only be judged on entities whose rows are all there, so half of the room goes to whole entities, chosen by a hash
    of their id. Of the others every failing row is kept and a share of the rest. Rows without a known outcome are left out: they
    train nothing. The same data gives the same rows, in whatever order DuckDB reads them.
    """
    judged = most_rows / 2 / rows
    room = max(most_rows / 2 - failing, most_rows / 20)
    share = min(1.0, room / max(1.0, (1 - judged) * (rows - failing)))
    query = f"""
        select
            pairs.*, outcomes.is_failure, outcomes.first_failed_on,
            hash(pairs.entity_id) % 1000000 < $judged as is_judged,
            case when is_judged or outcomes.is_failure then 1.0 else 1.0 / $share end as row_weight
        {source}
        where
            outcomes.is_failure is not null
            and (
                is_judged or outcomes.is_failure
                or hash(pairs.entity_id, pairs.control_id, pairs.as_of_on) % 1000000 < $share * 1000000
            )
        order by pairs.as_of_on, pairs.entity_id, pairs.control_id
    """
    return _polars(con, query, {**values, "judged": int(judged * 1_000_000), "share": share})


def load_scoring_frame(con: "duckdb.DuckDBPyConnection", entity_kind: str, as_of_on: date) -> pl.DataFrame:
    """The cohort pairs of one as-of date with their features; empty where no feature rows were built for that date."""
    query = f"select * from marts.{_view(entity_kind)} where as_of_on = $as_of_on order by entity_id, control_id"
    return _polars(con, query, {"as_of_on": as_of_on})


def matured(frame: pl.DataFrame) -> pl.DataFrame:
    """The rows whose outcome is known, sorted by key so that training does not depend on the order of reading."""
    return frame.filter(pl.col("is_failure").is_not_null()).cast({"is_failure": pl.Boolean}).sort(KEY_COLUMNS)


def matured_failures(frame: pl.DataFrame) -> int:
    """Distinct failures behind the positive labels: weekly rows that look at the same failure count once."""
    return frame.filter("is_failure").select("entity_id", "control_id", "first_failed_on").n_unique()


def matrix(frame: pl.DataFrame, names: Sequence[str]) -> Floats:
    """The named columns as a Float64 array of shape (rows, names); null becomes NaN, which LightGBM reads as missing.

    Raises:
        PreauditError: a named column is not in the frame, or is not a number (LightGBM would abort the process).
    """
    schema = frame.schema
    missing = [name for name in names if name not in schema]
    if missing:
        raise PreauditError(
            f"The feature table lacks {len(missing)} columns the model needs: {', '.join(missing[:5])}.",
            where="marts.ftr_agent_pairs / marts.ftr_process_pairs",
            remedy="Rebuild the marts, then train again so that model and features agree.",
        )
    texts = [name for name in names if not (schema[name].is_numeric() or schema[name] == pl.Boolean)]
    if texts:
        raise PreauditError(
            f"Model inputs must be numbers, but {', '.join(texts[:5])} are not.",
            where="marts.ftr_agent_pairs / marts.ftr_process_pairs",
            remedy="Declare the column DOUBLE in the dbt contract.",
        )
    if not names:
        return np.empty((frame.height, 0))
    return np.ascontiguousarray(frame.select(pl.col(names).cast(pl.Float64).fill_null(float("nan"))).to_numpy())


def outcomes(frame: pl.DataFrame) -> Floats:
    """`is_failure` as 0.0 and 1.0; the frame holds matured rows only."""
    return frame["is_failure"].cast(pl.Float64).to_numpy()


def row_weights(frame: pl.DataFrame) -> Floats:
    """How many rows of the mart each row stands for; 1 unless the frame was thinned while it was read."""
    if ROW_WEIGHT not in frame.columns:
        return np.ones(frame.height)
    return frame[ROW_WEIGHT].cast(pl.Float64).to_numpy()


def thinned(train: pl.DataFrame, seed: int) -> tuple[pl.DataFrame, Floats]:
    """Every failing row and a sample of the others, with the weights, shape (rows,), that make up for those left out.

    Rows that stand for others already (`row_weight`) keep their share. The same rows and seed give the same sample; another seed
    draws other rows, so that averaged models see more of them.
    """
    failing = outcomes(train)
    others = np.flatnonzero(failing == 0.0)
    found = int(failing.sum())
    wanted = max(OTHERS_PER_FAILURE * found, NEVER_THINNED_ROWS)
    kept = min(others.size, wanted, max(found, MOST_FITTED_ROWS - found))
    drawn = np.random.default_rng(seed).choice(others, size=kept, replace=False, shuffle=False)
    chosen = np.sort(np.concatenate([np.flatnonzero(failing == 1.0), drawn]))
    rows = train[chosen]
    return rows, row_weights(rows) * np.where(failing[chosen] == 1.0, 1.0, others.size / max(1, kept))


def data_digest(frame: pl.DataFrame) -> str:
    """SHA-256 over the content, whatever the order of rows and columns: two trainings with one digest saw the same data."""
    digest = hashlib.sha256()
    ordered = frame.sort([key for key in KEY_COLUMNS if key in frame.columns])
    for name in sorted(frame.columns):
        digest.update(name.encode())
        column = ordered[name]
        if column.dtype.is_float():
            digest.update(column.cast(pl.Float64).fill_null(float("nan")).to_numpy().tobytes())
        else:
            digest.update("\x1f".join(column.cast(pl.String).fill_null("\x00").to_list()).encode())
    return digest.hexdigest()


def _view(entity_kind: str) -> str:
    if entity_kind not in ENTITY_KINDS:
        raise PreauditError(f"Unknown entity kind {entity_kind!r}.", remedy="Use 'agent' or 'process'.")
    return f"ftr_{entity_kind}_pairs"


def _polars(con: "duckdb.DuckDBPyConnection", query: str, parameters: Mapping[str, object]) -> pl.DataFrame:
    frame = pl.from_arrow(con.sql(query, params=dict(parameters)).to_arrow_table())
    assert isinstance(frame, pl.DataFrame)
    return frame
