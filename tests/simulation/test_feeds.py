"""The simulation delivers the 17 feeds as the contract has them."""

import pytest

from expectations import contract
from simulation.feeds import FEEDS
from tests.simulation.reading import read

SNAPSHOTS = {feed.name for feed in FEEDS.values() if feed.kind == "S"}


@pytest.mark.parametrize("feed", [feed.name for feed in contract.feeds("canonical")])
def test_a_feed_has_the_columns_and_the_kind_of_the_contract(feed):
    declared = contract.find_feed("canonical", feed)
    ours = FEEDS[feed]

    assert ours.kind == declared.kind
    assert {column.name for column in ours.columns} == {column.name for column in declared.columns} - {"snapshot_on"}


def test_there_is_no_feed_that_the_contract_does_not_know():
    assert set(FEEDS) == {feed.name for feed in contract.feeds("canonical")}
    assert len(FEEDS) == 17


def test_every_delivered_file_has_the_columns_of_its_feed(dirty):
    extra = {"2026-10-29/workers": {"gender"}, "2026-10-31/tickets": {"export_batch"}}

    for name, path in dirty.files().items():
        folder_feed = name.split(".")[0]
        folder, feed = folder_feed.split("/")
        expected = {column.name for column in FEEDS[feed].columns} | extra.get(folder_feed, set())
        if folder == "history" and feed in SNAPSHOTS:
            expected |= {"snapshot_on"}
        assert set(read(path).columns) == expected, name


def test_codes_are_words_of_the_contract_where_it_lists_them(clean):
    for feed in contract.feeds("canonical"):
        frame = clean.history(feed.name)
        for column in feed.columns:
            if column.values:
                assert set(frame[column.name].drop_nulls().unique()) <= set(column.values), (feed.name, column.name)
            if column.required and column.name in frame.columns:
                assert frame[column.name].null_count() == 0, (feed.name, column.name)


def test_pairs_of_times_are_in_order(clean):
    for feed in contract.feeds("canonical"):
        frame = clean.history(feed.name)
        for pair in feed.pairs:
            assert frame.filter(frame[pair.later] < frame[pair.earlier]).is_empty(), (feed.name, pair)


def test_history_is_sorted_by_the_time_that_makes_it_known(clean):
    for feed in FEEDS.values():
        column = "snapshot_on" if feed.kind == "S" else feed.sort_by
        assert clean.history(feed.name)[column].is_sorted(), feed.name


def test_the_daily_folders_use_all_five_formats(dirty):
    endings = {name.split(".", 1)[1] for name in dirty.files() if not name.startswith("history/")}
    assert endings == {"csv", "csv.gz", "parquet", "jsonl", "jsonl.gz"}


def test_no_forbidden_column_is_delivered_except_the_planted_one(dirty):
    found = {
        (name, column)
        for name, path in dirty.files().items()
        for column in read(path).columns
        if contract.is_forbidden(contract.find_feed("canonical", name.split("/")[1].split(".")[0]), column)
    }
    assert [column for _, column in found] == ["gender"]
