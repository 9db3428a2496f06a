"""The review and reliability tables: their shape is read by the snapshot, the command line and MLflow."""

import polars as pl
import pytest

from ml.review import RELIABILITY_SCHEMA, SCHEMA, figure, reliability_table, review_table


def test_the_review_has_its_columns_and_one_row_per_figure(trained):
    assert dict(trained.review.schema) == SCHEMA
    assert trained.review.select("split", "competitor", "metric").is_duplicated().sum() == 0
    assert trained.review["value"].is_finite().all()


def test_the_comparison_with_the_rule_is_the_difference_of_the_two_figures(trained):
    model, rule, gap = (
        figure(trained.review, name, metric)["value"]
        for name, metric in (("lightgbm", "recall_at_k"), ("rule", "recall_at_k"), ("lightgbm", "recall_at_k_minus_rule"))
    )
    assert gap == pytest.approx(model - rule)
    assert figure(trained.review, "rule", "recall_at_k_minus_rule") is None


def test_what_a_countdown_alone_foresees_is_reported_apart(trained):
    half = trained.validation_rows.with_columns((pl.int_range(pl.len()) % 2).cast(pl.Float64).alias("is_foreseeable"))
    review = review_table({"seen_later": half}, "agent", 30, 0.05, 7)
    rest = review.filter(pl.col("split") == "seen_later_not_foreseeable")
    assert rest["rows"].unique().to_list() == [half.height - half.height // 2]


def test_nothing_judged_gives_an_empty_review_with_its_columns():
    assert dict(review_table({}, "agent", 30, 0.05, 7).schema) == SCHEMA


def test_reliability_covers_every_row_once_per_grouping_and_its_interval_holds_the_observed_share(trained):
    table = reliability_table(trained.validation_rows)
    assert dict(table.schema) == RELIABILITY_SCHEMA
    counted = table.group_by("competitor", "grouping").agg(pl.col("n").sum())
    assert counted["n"].unique().to_list() == [trained.validation_rows.height]
    assert table.filter((pl.col("lower") > pl.col("observed") + 1e-9) | (pl.col("upper") < pl.col("observed") - 1e-9)).is_empty()
    assert set(table.filter(pl.col("grouping") == "control")["group"]) == {"HR-02", "SEC-02", "DATA-02", "OPS-01"}
