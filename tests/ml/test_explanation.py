"""Reasons: they add up, name what the world was made of, and read as sentences."""

import json

import numpy as np
import polars as pl
import pytest

from ml.explanation import MAX_REASONS, against_peers, explain, family_effects, mean_effects, shown, to_json
from ml.features import features
from ml.peers import peers_of, usual_values

CATALOGUE = features("agent")


@pytest.fixture(scope="module")
def newest(make_world):
    frame = make_world()
    return frame.filter(pl.col("as_of_on") == frame["as_of_on"].max())


def test_families_and_base_value_add_up_to_the_margin(trained, newest):
    _, effects = family_effects(trained.model.contributions(newest), CATALOGUE)
    assert np.abs(effects.sum(axis=1) - trained.model.margins(newest)).max() < 1e-6


def test_what_differs_from_peers_and_the_peers_level_add_up_to_the_margin(trained, newest):
    _, common = peers_of(trained.model, newest).beside(newest)
    _, effects = family_effects(against_peers(trained.model.contributions(newest), common), CATALOGUE)
    assert np.abs(effects.sum(axis=1) - trained.model.margins(newest)).max() < 1e-6


def test_the_peers_level_is_close_to_the_mean_over_all_of_them(trained, newest):
    one = newest.filter(pl.col("control_id") == "HR-02")
    _, common = peers_of(trained.model, newest).beside(one)
    assert common[0].sum() == pytest.approx(trained.model.contributions(one)[:, :-1].sum(axis=1).mean(), abs=0.1)


def test_nobody_is_given_a_reason_that_is_usual_among_peers(trained, newest):
    for reasons in explain(trained.model, newest, CATALOGUE):
        for one in reasons:
            told = [shown(float("nan") if one[key] is None else one[key], one["unit"]) for key in ("value", "usual")]
            assert told[0] != told[1], one["sentence"]


def test_pairs_of_a_control_without_peers_still_get_reasons(trained, newest):
    others, alone = newest.filter(pl.col("control_id") != "HR-02"), newest.filter(pl.col("control_id") == "HR-02").head(2)
    assert all(explain(trained.model, alone, CATALOGUE, peers_of(trained.model, others)))


def test_there_are_at_most_four_reasons_and_each_has_its_value_beside_the_usual_one(trained, newest):
    found = explain(trained.model, newest, CATALOGUE)
    assert len(found) == newest.height
    assert max(len(reasons) for reasons in found) <= MAX_REASONS
    names = {"family", "family_words", "feature", "value", "usual", "unit", "direction", "effect", "sentence"}
    assert all(set(reason) == names for reasons in found for reason in reasons)


def test_the_overworked_are_told_so(trained, newest):
    """Workload drives the hazard of this world: most of the riskiest tenth must have it among their reasons."""
    risks = trained.model.probabilities(newest)
    top = np.argsort(-risks)[: newest.height // 10]
    found = explain(trained.model, newest[top], CATALOGUE, peers_of(trained.model, newest))
    told = [any(one["family"] == "workload" and one["direction"] == "raises" for one in reasons) for reasons in found]
    assert np.mean(told) > 0.7


def test_what_raises_the_risk_comes_before_what_lowers_it_and_the_controls_own_level_comes_last(trained, newest):
    for reasons in explain(trained.model, newest, CATALOGUE):
        ranks = [(one["family"] == "control", one["direction"] == "lowers", -abs(one["effect"])) for one in reasons]
        assert ranks == sorted(ranks)


def test_the_usual_value_is_the_median_of_the_same_control_and_date_without_the_unknown():
    rows = pl.DataFrame(
        {
            "as_of_on": ["d1"] * 5,
            "control_id": ["HR-02"] * 4 + ["SEC-02"],
            "backlog_open": [1.0, 2.0, 9.0, None, 100.0],
        }
    )
    assert usual_values(rows, ["backlog_open"])["backlog_open"].to_list() == [2.0, 100.0]


def test_a_reason_is_a_sentence_with_both_numbers(trained, newest):
    reasons = [
        one for found in explain(trained.model, newest, CATALOGUE) for one in found if one["feature"] == "overtime_minutes_28d"
    ]
    one = max(reasons, key=lambda reason: reason["effect"])
    assert one["sentence"].startswith("Minutes of overtime in 28 days: ")
    assert one["sentence"].endswith(" among peers (raises the risk).")
    assert one["value"] > one["usual"]


def test_reasons_are_json_even_where_a_value_is_not_known(trained, newest):
    unknown = newest.head(3).with_columns(pl.lit(None, dtype=pl.Float64).alias("overtime_minutes_28d"))
    for found in explain(trained.model, unknown, CATALOGUE):
        assert json.loads(to_json(found)) == found


@pytest.mark.parametrize(
    ("value", "unit", "words"),
    [
        (float("nan"), "count", "not known"),
        (1.0, "flag", "yes"),
        (0.0, "flag", "no"),
        (0.1234, "ratio", "12.3 %"),
        (2.5, "ratio", "2.5"),
        (1.0986, "log ratio", "3 times as many"),
        (0.0, "log ratio", "as many"),
        (3.0, "count", "3"),
        (12345.6, "count", "12346"),
    ],
)
def test_a_value_is_shown_as_a_person_reads_it(value, unit, words):
    assert shown(value, unit) == words


def test_an_older_models_feature_that_left_the_catalogue_is_named_and_not_hidden(trained, newest):
    rest = tuple(feature for feature in CATALOGUE if feature.name != "overtime_minutes_28d")
    assert "overtime_minutes_28d" in mean_effects(trained.model, newest, rest)["feature"].to_list()
