"""Frames from the marts: joined with outcomes, turned to Float64, fingerprinted."""

from datetime import date

import duckdb
import numpy as np
import polars as pl
import pytest

from ml.dataset import data_digest, load_scoring_frame, load_training_frame, matrix, matured, matured_failures
from preaudit.errors import PreauditError

DAY = date(2026, 3, 1)


@pytest.fixture
def marts():
    con = duckdb.connect()
    con.execute("""
        create schema marts;
        create table marts.ftr_agent_pairs as
            select date '2026-03-01' as as_of_on, 'A1' as entity_id, 'HR-02' as control_id, 1.5::double as exceptions_28d
            union all select date '2026-03-01', 'A2', 'HR-02', null
            union all select date '2026-03-08', 'A1', 'HR-02', 2.0;
        create table marts.lbl_pair_outcomes as
            select date '2026-03-01' as as_of_on, 'agent' as entity_kind, 'A1' as entity_id, 'HR-02' as control_id,
                30 as horizon_days, true as is_failure, date '2026-03-09' as first_failed_on
            union all select date '2026-03-01', 'agent', 'A1', 'HR-02', 7, false, null
            union all select date '2026-03-01', 'process', 'A2', 'HR-02', 30, true, date '2026-03-02';
    """)
    yield con
    con.close()


def test_training_rows_carry_the_outcome_of_their_own_kind_and_horizon(marts):
    frame = load_training_frame(marts, "agent", 30)
    assert frame["is_failure"].to_list() == [True, None, None]
    assert load_training_frame(marts, "agent", 7)["is_failure"].to_list() == [False, None, None]


def test_scoring_rows_are_those_of_one_date_and_have_no_outcome(marts):
    frame = load_scoring_frame(marts, "agent", DAY)
    assert frame["entity_id"].to_list() == ["A1", "A2"]
    assert "is_failure" not in frame.columns


def test_an_unknown_entity_kind_is_refused_before_any_query(marts):
    with pytest.raises(PreauditError, match="Unknown entity kind 'team'"):
        load_training_frame(marts, "team", 30)


def test_rows_without_an_outcome_train_nothing(marts):
    assert matured(load_training_frame(marts, "agent", 30)).height == 1


def test_weekly_rows_that_look_at_one_failure_count_it_once():
    frame = pl.DataFrame(
        {
            "entity_id": ["A1", "A1", "A1"],
            "control_id": ["HR-02"] * 3,
            "is_failure": [True, True, True],
            "first_failed_on": [date(2026, 3, 9), date(2026, 3, 9), date(2026, 4, 2)],
        }
    )
    assert matured_failures(frame) == 2


def test_null_becomes_nan_and_never_zero(marts):
    values = matrix(load_scoring_frame(marts, "agent", DAY), ["exceptions_28d"])
    assert values.dtype == np.float64
    assert values[0, 0] == 1.5
    assert np.isnan(values[1, 0])


def test_a_text_column_is_refused_because_lightgbm_would_abort_the_process():
    with pytest.raises(PreauditError, match="must be numbers, but site"):
        matrix(pl.DataFrame({"site": ["Leeds"]}), ["site"])


def test_a_missing_column_is_named():
    with pytest.raises(PreauditError, match="lacks 1 columns the model needs: overtime"):
        matrix(pl.DataFrame({"a": [1.0]}), ["a", "overtime"])


def test_the_digest_ignores_order_but_sees_every_value(small_world):
    same = small_world.sample(fraction=1.0, shuffle=True, seed=3).select(sorted(small_world.columns, reverse=True))
    changed = small_world.with_columns(pl.col("exceptions_28d") + (pl.int_range(pl.len()) == 17).cast(pl.Float64))
    assert data_digest(same) == data_digest(small_world)
    assert data_digest(changed) != data_digest(small_world)
