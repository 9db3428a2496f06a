"""Levers: only what can be acted on, only what lowers the score, and said as what the model would say."""

import numpy as np
import polars as pl
import pytest

from ml.features import features
from ml.levers import LEVERS, MIN_CHANGE, MOST_LEVERS, levers
from ml.peers import peers_of

CATALOGUE = features("agent")


@pytest.fixture(scope="module")
def newest(make_world):
    frame = make_world()
    return frame.filter(pl.col("as_of_on") == frame["as_of_on"].max())


@pytest.fixture(scope="module")
def found(trained, newest):
    return levers(trained.model, newest, CATALOGUE)


def test_no_lever_raises_the_probability_and_each_lowers_it_by_the_stated_amount(trained, newest, found):
    probabilities = trained.model.probabilities(newest)
    for before, of_row in zip(probabilities, found.to_list(), strict=True):
        for lever in of_row:
            assert lever["probability_after"] <= before - MIN_CHANGE + 1e-6
            assert lever["change"] == pytest.approx(lever["probability_after"] - before, abs=1e-5)


def test_a_lever_is_what_the_model_says_when_that_one_number_is_the_peers(trained, newest, found):
    row = int(np.argmax([len(of_row) for of_row in found.to_list()]))
    lever = found[row][0]
    moved = newest[[row]].with_columns(pl.lit(lever["peer_value"]).alias(lever["feature"]))
    assert trained.model.probabilities(moved)[0] == pytest.approx(lever["probability_after"], abs=1e-5)


def test_the_overworked_are_told_that_less_overtime_would_lower_it(trained, newest, found):
    top = np.argsort(-trained.model.probabilities(newest))[:30].tolist()
    told = [lever["feature"] for of_row in found[top].to_list() for lever in of_row]
    assert told.count("overtime_minutes_28d") > 15
    actionable = {feature.name for feature in CATALOGUE if feature.is_actionable}
    assert set(told) <= actionable


def test_there_are_few_levers_and_the_strongest_stands_first(found):
    for of_row in found.to_list():
        changes = [lever["change"] for lever in of_row]
        assert len(changes) <= MOST_LEVERS
        assert changes == sorted(changes)


def test_two_windows_of_the_same_thing_are_one_lever(found):
    family = {feature.name: feature.family for feature in CATALOGUE}
    for of_row in found:
        families = [family[lever["feature"]] for lever in of_row]
        assert len(families) == len(set(families))


def test_where_nothing_is_worse_than_usual_the_list_is_empty(trained, newest):
    calm = newest.sort("overtime_minutes_28d").head(5)
    assert levers(trained.model, calm, CATALOGUE, peers_of(trained.model, newest)).to_list() == [[]] * 5


def test_no_rows_have_no_levers(trained, newest):
    assert levers(trained.model, newest.head(0), CATALOGUE).to_list() == []
    assert levers(trained.model, newest.head(0), CATALOGUE).dtype == LEVERS
