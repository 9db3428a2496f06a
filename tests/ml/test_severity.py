"""Competitor 4, counted by hand."""

import numpy as np
import polars as pl
import pytest

from ml import metrics
from ml.competitors import WeightedSum, combine
from ml.competitors.severity import MOST

DAY = pl.date(2026, 3, 1)


def rows(*pairs, **columns) -> pl.DataFrame:
    """Pairs given as (entity, control, severity, exceptions_28d)."""
    names = ["entity_id", "control_id", "severity_weight", "exceptions_28d"]
    return pl.DataFrame(pairs, schema=names, orient="row").with_columns(DAY.alias("as_of_on"), **columns)


def of_entities(frame: pl.DataFrame) -> dict[str, float]:
    scored = frame.with_columns(pl.Series("score", WeightedSum().predict(frame)))
    return dict(scored.group_by("entity_id").agg(pl.col("score").sum()).iter_rows())


def test_failures_sorted_by_severity_are_divided_by_their_place_to_the_power_of_one_and_a_half():
    found = of_entities(rows(("A", "OPS-01", 0.25, 1.0), ("A", "HR-02", 1.0, 2.0), ("B", "HR-02", 1.0, 0.0)))
    assert found["A"] == pytest.approx((1.0 + 1.0 / 2**1.5 + 0.25 / 3**1.5) / MOST)
    assert found["B"] == 0.0


def test_criticality_multiplies_the_odds():
    pair = (("A", "HR-02", 1.0, 1.0),)
    plain = of_entities(rows(*pair))["A"]
    critical = of_entities(rows(*pair, criticality_level=pl.lit(3.0)))["A"]
    assert critical / (1 - critical) == pytest.approx(2 * plain / (1 - plain))


def test_the_list_takes_an_entity_by_the_sum_of_its_pairs():
    frame = rows(("A", "HR-02", 1.0, 1.0), ("A", "SEC-02", 1.0, 1.0), ("B", "HR-02", 1.0, 1.0)).with_columns(
        is_failure=pl.lit(False), first_failed_on=pl.lit(None, dtype=pl.Date), exceptions_90d=pl.lit(0.0)
    )
    scores = WeightedSum().predict(frame)
    entities = metrics.entity_rows(frame, scores, is_probability=False, order=combine("weighted_sum"))
    assert entities.sort("score", descending=True)["entity_id"].to_list() == ["A", "B"]


def test_no_rows_have_no_scores():
    assert WeightedSum().predict(rows(("A", "HR-02", 1.0, 1.0)).head(0)).shape == np.empty(0).shape
