"""Figures of the list and of the probabilities, held against hand counts and against scikit-learn."""

from datetime import date

import numpy as np
import polars as pl
import pytest

from ml import metrics
from ml.intervals import Resamples

DAY, NEXT = date(2026, 3, 1), date(2026, 3, 8)


def rows(*pairs, day=DAY) -> pl.DataFrame:
    """Pairs given as (entity, control, failed, severity, exceptions_28d, exceptions_90d)."""
    names = ["entity_id", "control_id", "is_failure", "severity_weight", "exceptions_28d", "exceptions_90d"]
    frame = pl.DataFrame(pairs, schema=names, orient="row").with_columns(pl.lit(day).alias("as_of_on"))
    return frame.with_columns(pl.when("is_failure").then(pl.lit(day).dt.offset_by("5d")).alias("first_failed_on"))


def sample_only(frame: pl.DataFrame, weights: dict | None = None) -> Resamples:
    """Row 0 is the sample; row 1 draws each entity as often as `weights` says."""
    days, entities = sorted(frame["as_of_on"].unique()), sorted(frame["entity_id"].unique())
    drawn = np.array([[1.0] * len(entities)] + ([[weights[entity] for entity in entities]] if weights else []))
    return Resamples(
        {day: index for index, day in enumerate(days)},
        {entity: index for index, entity in enumerate(entities)},
        np.ones((len(drawn), len(days))),
        drawn,
    )


FOUR = rows(
    ("A", "HR-02", True, 1.0, 0.0, 0.0),
    ("A", "SEC-02", True, 0.5, 0.0, 0.0),
    ("B", "HR-02", False, 1.0, 3.0, 3.0),
    ("C", "HR-02", True, 1.0, 0.0, 2.0),
    ("D", "HR-02", False, 1.0, 0.0, 0.0),
)


def test_an_entity_fails_when_any_of_its_pairs_fails_and_its_risk_combines_them_by_severity():
    entities = metrics.entity_rows(FOUR, np.array([0.5, 0.4, 0.1, 0.2, 0.1]), is_probability=True)
    assert entities["entity_id"].to_list() == ["A", "B", "C", "D"]
    assert entities["failed"].to_list() == [1.0, 0.0, 1.0, 0.0]
    assert entities["failing_pairs"].to_list() == [2.0, 0.0, 1.0, 0.0]
    assert entities["score"][0] == pytest.approx(1 - (1 - 0.5) * (1 - 0.5 * 0.4))
    assert entities["lead_days"].to_list() == [5.0, 0.0, 5.0, 0.0]


def test_the_rule_orders_entities_by_28_days_and_then_by_90():
    entities = metrics.entity_rows(FOUR, np.zeros(5), is_probability=False).sort("score", descending=True)
    assert entities["entity_id"].to_list()[:2] == ["B", "C"]


def test_recall_and_precision_of_a_list_of_two_are_what_a_hand_count_gives():
    scores = np.array([0.5, 0.4, 0.3, 0.2, 0.1])
    entities = metrics.entity_rows(FOUR, scores, is_probability=True)
    found = metrics.at_k(entities, sample_only(FOUR), ratio=0.5)
    assert found["recall_at_k"][0] == pytest.approx(1 / 2)
    assert found["precision_at_k"][0] == pytest.approx(1 / 2)
    assert found["failing_pairs_recall_at_k"][0] == pytest.approx(2 / 3)
    assert found["severity_recall_at_k"][0] == pytest.approx(1.5 / 2.5)
    assert found["expected_at_k"][0] == pytest.approx(0.5 + 0.4 + 0.3)
    assert found["observed_to_expected_at_k"][0] == pytest.approx(2 / 1.2)
    assert found["lead_days_at_k"][0] == pytest.approx(5)


def test_equal_scores_share_the_last_place_and_best_and_worst_bound_it():
    entities = metrics.entity_rows(FOUR, np.full(5, 0.1), is_probability=True).with_columns(pl.lit(1.0).alias("score"))
    found = {ties: metrics.at_k(entities, sample_only(FOUR), 0.5, ties)["recall_at_k"][0] for ties in ("worst", "random", "best")}
    assert found == {"worst": 0.0, "random": pytest.approx(0.5), "best": 1.0}


def test_the_list_has_at_least_one_place_and_never_more_than_there_are_entities():
    assert [metrics.list_length(0.05, entities) for entities in (1, 3, 100, 101)] == [1, 1, 5, 6]
    assert metrics.list_length(1.0, 3) == 3


def test_each_date_has_its_own_list():
    later = rows(("A", "HR-02", False, 1.0, 0.0, 0.0), ("B", "HR-02", True, 1.0, 0.0, 0.0), day=NEXT)
    both = pl.concat([FOUR, later])
    scores = np.array([0.9, 0.9, 0.3, 0.2, 0.1, 0.01, 0.02])
    found = metrics.at_k(metrics.entity_rows(both, scores, is_probability=True), sample_only(both), ratio=0.25)
    assert found["recall_at_k"][0] == pytest.approx(2 / 3)


def test_an_entity_drawn_twice_takes_two_places():
    entities = metrics.entity_rows(FOUR, np.array([0.5, 0.4, 0.3, 0.2, 0.1]), is_probability=True)
    found = metrics.at_k(entities, sample_only(FOUR, {"A": 2, "B": 1, "C": 1, "D": 0}), ratio=0.5)
    assert found["precision_at_k"][1] == pytest.approx(1.0)
    assert found["recall_at_k"][1] == pytest.approx(2 / 3)


def test_no_failure_at_all_gives_no_recall_instead_of_a_crash():
    calm = FOUR.with_columns(pl.lit(False).alias("is_failure"))
    found = metrics.at_k(metrics.entity_rows(calm, np.full(5, 0.1), is_probability=True), sample_only(calm), 0.5)
    assert np.isnan(found["recall_at_k"][0])
    assert found["precision_at_k"][0] == 0.0


@pytest.mark.parametrize("decimals", [1, 6])
def test_average_precision_and_auc_agree_with_scikit_learn_with_and_without_ties(decimals):
    from sklearn.metrics import average_precision_score, roc_auc_score

    rng = np.random.default_rng(5)
    labels, scores = rng.random(300) < 0.2, rng.random(300).round(decimals)
    frame = rows(*((f"E{index % 30}", "HR-02", bool(label), 1.0, 0.0, 0.0) for index, label in enumerate(labels)))
    weights = {f"E{index}": float(index % 3) for index in range(30)}
    found = metrics.ranking(frame, scores, sample_only(frame, weights))
    times = np.array([weights[f"E{index % 30}"] for index in range(300)])
    assert found["average_precision"][0] == pytest.approx(average_precision_score(labels, scores))
    assert found["roc_auc"][0] == pytest.approx(roc_auc_score(labels, scores))
    assert found["average_precision"][1] == pytest.approx(average_precision_score(labels, scores, sample_weight=times))
    assert found["roc_auc"][1] == pytest.approx(roc_auc_score(labels, scores, sample_weight=times))


def test_skill_is_the_share_of_the_base_rates_loss_that_is_saved():
    truth = FOUR["is_failure"].cast(pl.Float64).to_numpy()
    base = np.full(5, 0.6)
    found = metrics.truth_of_probabilities(FOUR, 0.9 * truth + 0.05, base, sample_only(FOUR))
    assert found["brier"][0] == pytest.approx(0.05**2)
    assert found["log_loss"][0] == pytest.approx(-np.log(0.95))
    assert found["brier_skill"][0] == pytest.approx(1 - 0.05**2 / np.mean((truth - base) ** 2))
    assert metrics.truth_of_probabilities(FOUR, base, base, sample_only(FOUR))["log_loss_skill"][0] == 0.0


def test_a_list_that_stays_the_same_overlaps_fully():
    entities = pl.DataFrame(
        {"as_of_on": [DAY] * 4 + [NEXT] * 4, "entity_id": list("ABCD") * 2, "score": [4, 3, 2, 1, 4, 1, 3, 2]}
    )
    assert metrics.list_overlap(entities, 0.25) == 1.0
    assert metrics.list_overlap(entities, 0.5) == 0.5
