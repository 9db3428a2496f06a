"""What is expected of a process's people: sums of the day's own scores, and nothing that came later."""

from datetime import date

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from ml.features import staff_features
from ml.staff_scores import with_staff_scores
from preaudit.errors import PreauditError

MONDAY, TUESDAY = date(2026, 3, 2), date(2026, 3, 3)


def scores(*rows: tuple[date, str, str, float | None]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=["as_of_on", "entity_id", "control_id", "probability"], orient="row")


def staff(*rows: tuple[date, str, str | None]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=["as_of_on", "agent_id", "process_id"], orient="row")


def pairs(*rows: tuple[date, str, str]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=["as_of_on", "entity_id", "control_id"], orient="row")


PEOPLE = staff((MONDAY, "a", "p"), (MONDAY, "b", "p"), (MONDAY, "c", "q"), (TUESDAY, "a", "q"))
SCORES = scores(
    (MONDAY, "a", "HR-02", 0.25), (MONDAY, "b", "HR-02", 0.5), (MONDAY, "b", "SEC-02", 0.125), (TUESDAY, "a", "HR-02", 1.0)
)
ROWS = pairs((TUESDAY, "q", "HR-02"), (MONDAY, "p", "HR-02"), (MONDAY, "p", "CHG-01"), (MONDAY, "q", "HR-02"))


def test_the_chances_of_the_people_of_the_day_are_added_per_control_and_over_all() -> None:
    found = with_staff_scores(ROWS, SCORES, PEOPLE)

    assert found.select("entity_id", "control_id").rows() == ROWS.select("entity_id", "control_id").rows()
    assert found["staff_expected_failures"].to_list() == [1.0, 0.75, None, None]
    assert found["staff_expected_failures_any"].to_list() == [1.0, 0.875, 0.875, None]


def test_nobody_scored_is_not_nobody_expected_to_fail() -> None:
    unknown = scores((MONDAY, "a", "HR-02", None))
    found = with_staff_scores(ROWS, unknown, PEOPLE)
    assert found["staff_expected_failures"].null_count() == found["staff_expected_failures_any"].null_count() == ROWS.height


def test_scores_of_other_days_change_nothing() -> None:
    later = pl.concat([SCORES.filter(pl.col("as_of_on") == MONDAY), scores((TUESDAY, "a", "HR-02", 0.0))])
    monday = pl.col("as_of_on") == MONDAY
    assert_frame_equal(
        with_staff_scores(ROWS, SCORES, PEOPLE).filter(monday), with_staff_scores(ROWS, later, PEOPLE).filter(monday)
    )


def test_the_order_of_reading_changes_no_digit() -> None:
    many = scores(*((MONDAY, f"agent {n}", "HR-02", 0.1 * (n % 7) + 1e-9 * n) for n in range(500)))
    people = staff(*((MONDAY, f"agent {n}", "p") for n in range(500)))
    assert_frame_equal(
        with_staff_scores(ROWS, many, people), with_staff_scores(ROWS, many.reverse(), people.reverse()), check_exact=True
    )


def test_a_pair_that_is_scored_twice_for_a_day_is_refused() -> None:
    with pytest.raises(PreauditError, match="twice"):
        with_staff_scores(ROWS, pl.concat([SCORES, SCORES.head(1)]), PEOPLE)


def test_a_missing_column_is_named() -> None:
    with pytest.raises(PreauditError, match="process_id"):
        with_staff_scores(ROWS, SCORES, PEOPLE.drop("process_id"))


def test_the_catalogue_names_the_columns_that_are_added() -> None:
    added = set(with_staff_scores(ROWS, SCORES, PEOPLE).columns) - set(ROWS.columns)
    assert {feature.name for feature in staff_features()} == added
