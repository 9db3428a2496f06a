"""Contributions by ways through a tree: LightGBM's own, faster."""

from typing import Any

import lightgbm
import numpy as np
import pytest

from ml.contributions import MOST_SPLITS, contributions

ROWS, FEATURES = 5000, 6


def booster(
    leaves: int, *, nulls: bool = True, categories: list[int] | None = None, **more: Any
) -> tuple[lightgbm.Booster, np.ndarray]:
    random = np.random.default_rng(3)
    inputs = random.normal(size=(ROWS, FEATURES)).round(1)
    if nulls:
        inputs[random.random(inputs.shape) < 0.2] = np.nan
    risk = np.nan_to_num(inputs[:, 0], nan=1.0) * np.nan_to_num(inputs[:, 1]) - np.nan_to_num(inputs[:, 2], nan=-2.0)
    happened = (risk + random.normal(size=ROWS) > 0).astype(float)
    parameters = {"objective": "binary", "num_leaves": leaves, "verbosity": -1, "num_threads": 1, **more}
    if categories:
        inputs[:, categories] = random.integers(0, 4, size=(ROWS, len(categories)))
    data = lightgbm.Dataset(inputs, happened, categorical_feature=categories or [])
    return lightgbm.train(parameters, data, num_boost_round=20), inputs


def same(trained: lightgbm.Booster, inputs: np.ndarray) -> None:
    expected = trained.predict(inputs, pred_contrib=True)
    found = contributions(trained, inputs, 1)
    assert found.shape == (len(inputs), FEATURES + 1)
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-12)
    np.testing.assert_allclose(found.sum(axis=1), trained.predict(inputs, raw_score=True), rtol=0, atol=1e-10)


def test_the_contributions_are_lightgbms_and_a_null_goes_where_the_tree_sends_it() -> None:
    same(*booster(7))


def test_a_null_that_training_never_saw_counts_as_zero_as_it_does_in_lightgbm() -> None:
    trained, inputs = booster(7, nulls=False)
    inputs[::3, 0] = np.nan
    same(trained, inputs)


@pytest.mark.parametrize(("leaves", "more"), [(MOST_SPLITS + 2, {}), (7, {"categories": [0]}), (7, {"zero_as_missing": True})])
def test_trees_with_other_splits_than_these_are_left_to_lightgbm(leaves: int, more: dict[str, Any]) -> None:
    same(*booster(leaves, **more))


def test_a_booster_that_learned_nothing_contributes_its_base_value_only() -> None:
    trained, inputs = booster(7, min_data_in_leaf=ROWS)
    same(trained, inputs)
    assert not contributions(trained, inputs, 1)[:, :-1].any()
