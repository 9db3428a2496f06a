"""Slices: false discoveries of the list by group, with a minimum n, and how lists change."""

from datetime import date, timedelta

import polars as pl
import pytest

from ml.slices import MIN_LISTED, SCHEMA, slice_table, stability_table

FIRST = date(2026, 3, 1)


def judged(dates: int = 10) -> pl.DataFrame:
    """Twenty agents, ten per site, one control; the first five of each site are always listed at a ratio of one half.

    In the north all five listed fail, in the south only one; nobody else fails.
    """
    rows = [
        {
            "as_of_on": FIRST + timedelta(weeks=week), "entity_id": f"{site}{number}", "control_id": "HR-02", "slice_site": site,
            "slice_shift": None, "is_failure": number < (5 if site == "north" else 1), "first_failed_on": None,
            "severity_weight": 1.0, "exceptions_28d": 0.0, "exceptions_90d": 0.0, "p_lightgbm": 0.6 if number < 5 else 0.1,
        }
        for week in range(dates)
        for site in ("north", "south")
        for number in range(10)
    ]  # fmt: skip
    return pl.DataFrame(rows, schema_overrides={"slice_shift": pl.String, "first_failed_on": pl.Date})


def group(table: pl.DataFrame, name: str) -> dict:
    return table.filter(pl.col("group") == name).row(0, named=True)


def test_false_discoveries_are_the_listed_who_did_not_fail_by_group():
    table = slice_table(judged(), 0.5)
    assert (group(table, "all")["listed"], group(table, "all")["false_discovery_ratio"]) == (100, 0.4)
    assert (group(table, "north")["false_discovery_ratio"], group(table, "south")["false_discovery_ratio"]) == (0.0, 0.8)
    assert group(table, "south")["against_all"] == pytest.approx(2.0)
    assert group(table, "south")["lower"] < 0.8 < group(table, "south")["upper"]


def test_expected_and_observed_failures_stand_beside_each_other_by_group():
    south = group(slice_table(judged(), 0.5), "south")
    assert south["expected_pairs"] == pytest.approx(0.6 * 50)
    assert south["observed_pairs"] == 10
    assert south["observed_to_expected"] == pytest.approx(10 / 30)
    assert south["recall"] == 1.0


def test_a_group_with_too_few_listed_is_counted_but_not_judged():
    table = slice_table(judged(dates=3), 0.5)
    north = group(table, "north")
    assert north["listed"] == 15 < MIN_LISTED
    assert (north["is_enough"], north["false_discovery_ratio"], north["observed_to_expected"]) == (False, None, None)


def test_a_slice_that_nobody_has_is_left_out():
    assert slice_table(judged(), 0.5)["slice"].unique().sort().to_list() == ["all", "site"]


def test_nothing_judged_has_no_slices():
    assert slice_table(judged().head(0), 0.5).schema == pl.Schema(SCHEMA)
    assert stability_table(judged().head(0), 0.5).is_empty()


def test_a_list_that_never_changes_has_full_overlap_and_one_that_swaps_half_has_half():
    same = stability_table(judged(dates=3), 0.5)
    assert same["overlap"].to_list() == [1.0, 1.0]
    second = pl.col("as_of_on") == FIRST + timedelta(weeks=1)
    swapped = judged(dates=2).with_columns(
        pl.when(second & (pl.col("slice_site") == "south"))
        .then(0.7 - pl.col("p_lightgbm"))
        .otherwise("p_lightgbm")
        .alias("p_lightgbm")
    )
    assert stability_table(swapped, 0.5)["overlap"].to_list() == [0.5]
