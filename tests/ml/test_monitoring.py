"""The back-tested lists, the spread of the training rows, and what asks for a training."""

from datetime import date

import duckdb
import polars as pl
import pytest

from ml.monitoring import backtested_lists, reasons_to_train, reference

DAY = date(2026, 3, 1)


def judged(*rows: tuple[str, str, float, float, float, bool]) -> pl.DataFrame:
    """Entity, control, probability, exceptions in 28 days, severity, outcome."""
    names = ("entity_id", "control_id", "p_lightgbm", "exceptions_28d", "severity_weight", "is_failure")
    frame = pl.DataFrame(rows, schema=names, orient="row")
    return frame.with_columns(pl.lit(DAY).alias("as_of_on"), pl.col("exceptions_28d").alias("exceptions_90d"))


def test_both_lists_have_the_same_length_and_count_entities_that_failed_anything():
    rows = judged(
        ("a", "HR-02", 0.5, 0.0, 1.0, False),
        ("a", "SEC-02", 0.5, 0.0, 1.0, True),
        ("b", "HR-02", 0.1, 9.0, 1.0, False),
        ("c", "HR-02", 0.6, 1.0, 1.0, True),
        ("d", "HR-02", 0.2, 0.0, 1.0, True),
    )
    (found,) = backtested_lists(rows, 0.5, 30).to_dicts()
    # The model lists a (0.75) and c (0.6), the rule b and c.
    assert (found["list_size"], found["failed"], found["rule_failed"]) == (2, 2, 1)
    assert found["expected"] == pytest.approx(1.35)


def test_the_list_is_in_order_of_severity_while_the_promise_counts_any_failure():
    rows = judged(("minor", "DATA-04", 0.9, 0.0, 0.25, False), ("severe", "SEC-02", 0.5, 0.0, 1.0, True))
    (found,) = backtested_lists(rows, 0.5, 30).to_dicts()
    assert (found["failed"], found["expected"]) == (1, pytest.approx(0.5))


def test_a_training_without_a_judged_row_gives_no_list():
    assert backtested_lists(judged().drop("p_lightgbm"), 0.5, 30).is_empty()


@pytest.fixture
def features() -> duckdb.DuckDBPyConnection:
    """Ten agents on 1 March, whose outcome is known, and on 8 March, whose outcome is not."""
    con = duckdb.connect()
    con.execute("create schema marts")
    con.execute(
        "create table marts.ftr_agent as select day as as_of_on, 'w' || n as agent_id,"
        " case when day = date '2026-03-01' then n::double else 1000 end as logins_28d,"
        " case when n < 3 then null else 0.101 + n / 10000 end as breached_ratio_28d, 1.0 as process_headcount"
        " from range(10) as numbers (n) cross join (values (date '2026-03-01'), (date '2026-03-08')) as days (day)"
    )
    con.execute(
        "create table marts.lbl_pair_outcomes as select * from (values"
        " (date '2026-03-01', 'agent', 30, true), (date '2026-03-08', 'agent', 30, null), (date '2026-03-08', 'agent', 7, false)"
        ") as rows (as_of_on, entity_kind, horizon_days, is_failure)"
    )
    return con


def test_the_spread_is_of_the_rows_that_can_train_and_nothing_later(features):
    found = reference(features, "agent", 30)
    assert found is not None
    assert (found.last_as_of_on, found.entities) == (DAY, 10)
    logins = found.spread.filter(pl.col("feature") == "logins_28d")
    assert logins["reference_rows"].sum() == 10
    assert max(logins["cut_points"][0]) < 10


def test_what_is_not_known_has_a_bin_of_its_own_and_a_ratio_is_whole_percents(features):
    found = reference(features, "agent", 30)
    assert found is not None
    ratio = found.spread.filter(pl.col("feature") == "breached_ratio_28d")
    assert ratio.select("bin", "reference_rows").rows() == [(-1, 3), (0, 7)]
    assert ratio["cut_points"][0].to_list() == [0.1]


def test_what_an_agent_shares_with_all_colleagues_is_watched_among_the_processes(features):
    found = reference(features, "agent", 30)
    assert found is not None
    assert "process_headcount" not in found.spread["feature"]


def test_without_a_known_outcome_there_is_no_reference(features):
    assert reference(features, "agent", 90) is None


def measures(*rows: tuple[str, bool]) -> pl.DataFrame:
    """Measure and whether it is within its limit."""
    frame = pl.DataFrame(rows, schema={"measure": pl.String, "is_ok": pl.Boolean}, orient="row")
    return frame.with_columns(pl.lit("agent").alias("entity_kind"), pl.lit("9 of 40 inputs").alias("detail"))


def test_drift_and_expiry_ask_for_a_training_and_say_why():
    found = reasons_to_train(measures(("drifted_inputs_ratio", False), ("champion_age_days", False), ("score_psi", True)))
    assert found == ["agent: the champion has expired (9 of 40 inputs)", "agent: inputs have drifted (9 of 40 inputs)"]


def test_one_input_alone_or_a_list_that_changed_asks_for_none():
    assert reasons_to_train(measures(("input_psi", False), ("list_overlap", False), ("not_evaluable_ratio", False))) == []
