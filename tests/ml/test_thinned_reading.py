"""A long history is thinned while it is read, and still says the same of the whole."""

import duckdb
import polars as pl
import pytest

from ml.competitors import BaseRate, PairRate
from ml.dataset import load_training_frame, matured, outcomes, thinned

ENTITIES, CONTROLS, DAYS = 400, 5, 10


@pytest.fixture(scope="module")
def mart():
    """20,000 pairs of which about 3 % fail; control 0 fails ten times as often as the others."""
    with duckdb.connect() as connection:
        connection.execute(f"""
            create schema marts;
            create table marts.ftr_agent_pairs as
                select date '2026-01-04' + 7 * day::integer as as_of_on, 'E' || entity as entity_id,
                    'C-' || control as control_id, 1.0::double as exceptions_28d
                from range({DAYS}) days (day), range({ENTITIES}) entities (entity), range({CONTROLS}) controls (control);
            create table marts.lbl_pair_outcomes as
                select *, 'agent' as entity_kind, 30 as horizon_days,
                    hash(as_of_on, entity_id, control_id, 1) % 1000 < if(control_id = 'C-0', 100, 10) as is_failure,
                    as_of_on + 3 as first_failed_on
                from marts.ftr_agent_pairs;
        """)
        yield connection


@pytest.fixture(scope="module")
def whole(mart):
    return load_training_frame(mart, "agent", 30)


@pytest.fixture(scope="module")
def thin(mart):
    return load_training_frame(mart, "agent", 30, most_rows=8_000)


def test_a_history_that_fits_is_read_whole_and_weighs_nothing(whole):
    assert whole.height == ENTITIES * CONTROLS * DAYS
    assert "row_weight" not in whole.columns


def test_every_failure_is_kept_and_the_rows_stand_for_all(whole, thin):
    assert outcomes(thin).sum() == outcomes(whole).sum()
    assert thin.height < 9_000
    assert thin["row_weight"].sum() == pytest.approx(whole.height, rel=0.05)


def test_an_entity_that_judges_is_there_with_every_row(thin):
    sizes = thin.filter("is_judged").group_by("entity_id").len()["len"].unique().to_list()
    assert sizes == [CONTROLS * DAYS]
    assert thin.filter(~pl.col("is_judged"))["entity_id"].is_in(thin.filter("is_judged")["entity_id"].implode()).sum() == 0


def test_rates_are_those_of_the_whole_history(whole, thin):
    judged = whole.filter(pl.col("entity_id").is_in(thin.filter("is_judged")["entity_id"].unique().implode()))
    for kind in (BaseRate, PairRate):
        told = []
        for frame in (whole, thin):
            one = kind()
            one.fit(matured(frame))
            told.append(one.predict(judged))
        assert told[1].mean() == pytest.approx(told[0].mean(), rel=0.1)


def test_thinning_again_for_a_fit_keeps_the_weights(thin, monkeypatch):
    monkeypatch.setattr("ml.dataset.NEVER_THINNED_ROWS", 1000)
    monkeypatch.setattr("ml.dataset.OTHERS_PER_FAILURE", 2)
    rows, weights = thinned(matured(thin), seed=1)
    assert rows.height < thin.height / 2
    assert weights.sum() == pytest.approx(thin["row_weight"].sum(), rel=0.1)
    assert (weights[outcomes(rows) == 1.0] == 1.0).all()


def test_reading_twice_gives_the_same_rows(mart, thin):
    assert load_training_frame(mart, "agent", 30, most_rows=8_000).equals(thin)
