"""What monitoring compares later days with: the spread of a model's training rows, and the lists its training judged.

Belongs here: both, taken once per training. Does not: the daily figures, which are dbt models
(dbt_project/models/marts/monitoring), or training (ml/training.py).
"""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from ml.competitors import rule_order
from ml.dataset import outcomes
from ml.evaluation import MODEL, column
from ml.metrics import list_length

if TYPE_CHECKING:
    import duckdb

# What says that a model of newer data is wanted. Not among them: single inputs, of which some always move, the overlap of two
# lists and what could not be judged, which no training mends.
REASONS = {
    "drifted_inputs_ratio": "inputs have drifted",
    "score_psi": "scores have drifted",
    "realised_failures": "the list did not keep its promise",
    "champion_age_days": "the champion has expired",
}
# Deciles of more rows are the same to the second digit, and take half a minute at 10,000 agents (2026-11).
SPREAD_ROWS = 100_000
DECILES = tuple(round(tenth / 10, 1) for tenth in range(1, 10))
LISTS = {
    "as_of_on": pl.Date, "horizon_days": pl.Int32, "list_size": pl.Int32, "failed": pl.Int32, "rule_failed": pl.Int32,
    "expected": pl.Float64,
}  # fmt: skip


@dataclass(frozen=True)
class Reference:
    """The training data of one model, as monitoring compares later days with it.

    Attributes:
        last_as_of_on: the last as-of date with a known outcome: training uses every row up to it.
        entities: distinct ones among the rows.
        spread: grain feature, bin: cut_points (the deciles, equal ones once), bin (number of cut points below the value, -1 where
            the value is not known), reference_rows.
    """

    last_as_of_on: date
    entities: int
    spread: pl.DataFrame


def reference(con: "duckdb.DuckDBPyConnection", entity_kind: str, horizon_days: int) -> Reference | None:
    """How each input of the entity table is spread over what a training uses now; None where no outcome is known yet.

    Inputs of a pair are left out, because they count the same failures as the entity's, one control at a time, and an agent's
    inputs about its process, because they are the process's own and would count once per colleague. Ratios are whole percents:
    one that is shrunk towards everybody's rate moves a little for everybody on every day, and would leave its decile.
    """
    found = con.execute(
        "select max(as_of_on) from marts.lbl_pair_outcomes where entity_kind = ? and horizon_days = ? and is_failure is not null",
        [entity_kind, horizon_days],
    ).fetchall()
    last = found[0][0]
    if last is None:
        return None
    table, key = f"marts.ftr_{entity_kind}", f"{entity_kind}_id"
    counted = con.execute(f"select count(distinct {key}), count(*) from {table} where as_of_on <= ?", [last]).fetchall()
    entities, rows = counted[0]
    drawn = f"hash({key}, as_of_on) % {-(-rows // SPREAD_ROWS)} = 0"
    query = f"""
        with long as (
            select feature, case when feature like '%ratio%' then round(value, 2) else value end as value
            from (select * exclude (as_of_on, {key}) from {table} where as_of_on <= ? and {drawn})
            unpivot include nulls (value for feature in (columns(*)))
            where not starts_with(feature, 'process_')
        ),
        cuts as (
            select feature, coalesce(list_sort(list_distinct(quantile_cont(value, {list(DECILES)}))), []) as cut_points
            from long group by feature
        )
        select
            feature,
            cut_points,
            case when value is null then -1 else len(list_filter(cut_points, lambda cut: cut < value)) end::integer as bin,
            count(*) as reference_rows
        from long inner join cuts using (feature)
        group by all
        order by feature, bin
    """
    return Reference(last, entities, pl.DataFrame(con.sql(query, params=[last]).to_arrow_table()))


def backtested_lists(judged: pl.DataFrame, ratio: float, horizon_days: int) -> pl.DataFrame:
    """What the model's list and the rule's list of the same size would have caught on each judged date.

    Ties go by entity id, as in the ranking that is served; ml/metrics.py reports their expected value instead.

    Args:
        judged: rows that judge (ml/evaluation.py), predicted by models that had not seen their outcomes.
        ratio: share of the entities that fits on the list.
        horizon_days: of the outcomes.

    Returns:
        Columns of `LISTS`, grain as_of_on: `failed` of `list_size` entities did fail, `expected` were expected to.
    """
    if judged.is_empty() or column(MODEL) not in judged.columns:
        return pl.DataFrame(schema=LISTS)
    p, weight = pl.col(column(MODEL)), pl.col("severity_weight")
    entities = (
        judged.with_columns(pl.Series("y", outcomes(judged)))
        .group_by("as_of_on", "entity_id")
        .agg(
            pl.col("y").max().cast(pl.Int32).alias("failed"),
            (1 - (1 - p).product()).alias("chance"),
            (1 - (1 - weight * p).product()).round(9).alias("risk"),
            pl.col("exceptions_28d").fill_null(0.0).sum(),
            pl.col("exceptions_90d").fill_null(0.0).sum(),
        )
    )
    order = rule_order(*(entities[name].to_numpy().astype(np.float64) for name in ("exceptions_28d", "exceptions_90d")))
    entities = entities.with_columns(pl.Series("rule", order))
    rows = []
    for (day,), on_day in entities.group_by("as_of_on"):
        k = list_length(ratio, on_day.height)
        listed, ruled = (on_day.sort([by, "entity_id"], descending=[True, False]).head(k) for by in ("risk", "rule"))
        rows.append((day, horizon_days, k, listed["failed"].sum(), ruled["failed"].sum(), listed["chance"].sum()))
    return pl.DataFrame(rows, schema=LISTS, orient="row").sort("as_of_on")


def reasons_to_train(measures: pl.DataFrame) -> list[str]:
    """Why a challenger should be trained, one sentence per measure outside its limit; empty where none is.

    Args:
        measures: rows of marts.mart_model_monitoring, or of the published `model_monitoring`, of one day.
    """
    off = measures.filter(~pl.col("is_ok") & pl.col("measure").is_in(list(REASONS))).sort("entity_kind", "measure")
    return [f"{row['entity_kind']}: {REASONS[row['measure']]} ({row['detail']})" for row in off.iter_rows(named=True)]
