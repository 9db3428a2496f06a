"""Dirt is rare, is where the list says it is, and spoils nothing else."""

import datetime

import polars as pl
import pytest

from tests.simulation.reading import read

DELIVERED_THROUGH = datetime.date(2026, 11, 1)


@pytest.fixture(scope="module")
def planted(dirty):
    return dirty.truth("planted")


def rows(dirty, planted, kind):
    """(row as dict, plant) of every planted row of a kind."""
    files = dirty.files()
    for plant in planted.filter(pl.col("kind") == kind).iter_rows(named=True):
        yield read(files[plant["file"]]).row(plant["row_number"] - 1, named=True), plant


SIGNS = {
    "unknown_value": lambda row, plant: "parked" in row.values() or "maybe" in row.values(),
    "missing_key": lambda row, plant: row.get("account_id", row.get("ticket_id")) in (None, ""),
    "end_before_start": lambda row, plant: str(row["ends_at"]) < str(row["starts_at"]),
    "impossible_date": lambda row, plant: any(str(value).startswith(("2026-02-30", "2026-13-01")) for value in row.values()),
    "future_event": lambda row, plant: str(row["occurred_at"])[:4] == "2027",
    "late": lambda row, plant: str(row["occurred_at"])[:10] < plant["file"][:10],
}


@pytest.mark.parametrize("kind", sorted(SIGNS))
def test_a_planted_row_is_where_the_list_says_and_is_wrong_in_the_way_it_says(dirty, planted, kind):
    found = list(rows(dirty, planted, kind))
    assert found
    for row, plant in found:
        assert SIGNS[kind](row, plant), plant


@pytest.mark.parametrize("kind", ["repeat", "same_key_other_content"])
def test_a_key_that_comes_twice_was_delivered_before(dirty, planted, kind):
    seen = {}
    for name, path in sorted(dirty.files().items(), key=lambda item: (not item[0].startswith("history"), item[0])):
        feed = name.split("/")[1].split(".")[0]
        if feed in ("auth_events", "data_access_events", "ticket_events"):
            for key in read(path)["event_id"]:
                seen[feed, key] = seen.get((feed, key), 0) + 1
    found = list(rows(dirty, planted, kind))
    assert found
    for row, plant in found:
        assert seen[plant["feed"], row["event_id"]] >= 2


def test_dirt_is_well_under_half_a_percent_of_the_rows(dirty, planted):
    assert planted["row_number"].drop_nulls().len() < 0.002 * sum(dirty.report.rows.values())


def test_one_day_lacks_a_feed_and_the_file_can_be_delivered_later(dirty, planted):
    name = planted.filter(pl.col("kind") == "missing_feed")["file"].item()
    assert name not in dirty.files()
    assert len(read(dirty.report.out / "corrections" / name))


def test_a_corrected_file_waits_beside_the_landing_folder_and_differs_from_the_delivered_one(dirty, planted):
    name = planted.filter(pl.col("kind") == "corrected_file")["file"].item()
    delivered, corrected = read(dirty.files()[name]), read(dirty.report.out / "corrections" / name)
    wrong = planted.filter(pl.col("file") == name, pl.col("row_number").is_not_null())["row_number"]

    assert corrected.columns == delivered.columns
    assert set(corrected["event_id"]) < set(delivered["event_id"])
    assert len(corrected) == len(delivered) - len(wrong)
    assert corrected["is_mfa"].null_count() == 0


def test_a_correction_is_a_newer_version_of_a_ticket_known_before(dirty, planted):
    plants = planted.filter(pl.col("kind") == "correction")
    delivered = read(dirty.files()[plants["file"][0]])

    assert len(plants) == 3
    for ticket in plants["key"]:
        changed = delivered.filter(pl.col("ticket_id") == ticket, pl.col("customer_ref") == "c0ffee123456")
        assert changed["updated_at"].item() == "2026-10-30T00:05:00Z"


def test_without_dirt_nothing_is_planted_and_every_key_is_there_once(clean):
    assert clean.report.planted == {}
    assert clean.truth("planted").is_empty()
    for feed in ("auth_events", "data_access_events", "ticket_events"):
        assert clean.history(feed)["event_id"].is_unique().all()


def test_no_event_comes_from_the_future_except_the_planted_ones(dirty, planted):
    future = set(planted.filter(pl.col("kind") == "future_event").select("file", "row_number").iter_rows())
    for name, path in dirty.files().items():
        if name.split("/")[1].split(".")[0] in ("auth_events", "data_access_events", "ticket_events"):
            days = read(path)["occurred_at"].cast(pl.String).str.slice(0, 10)
            late = {(name, index + 1) for index, day in enumerate(days) if day >= str(DELIVERED_THROUGH)}
            assert late <= future
