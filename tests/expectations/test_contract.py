"""The feed contract as the feed page states it."""

import re
from pathlib import Path

import pytest

from expectations import contract
from expectations.columns import Feed

CANONICAL = contract.feeds("canonical")
SHARED = Path(__file__).parents[3] / "shared" / "feeds.md"


def test_there_are_seventeen_canonical_feeds_and_one_servicenow_table():
    assert len(CANONICAL) == 17
    assert [len(feed.columns) for feed in contract.feeds("servicenow")] == [36]


def test_the_console_delivers_decisions_that_name_neither_who_decided_nor_why_in_free_text():
    (decisions,) = contract.feeds("console")
    assert decisions.key == ("decision_id",)
    assert decisions.by_name["entity_id"].is_identity
    assert not {"decided_by", "reason", "text"} & set(decisions.by_name)
    assert all(contract.is_forbidden(decisions, column) for column in ("comment", "free_text", "note"))


@pytest.mark.skipif(not SHARED.exists(), reason="the feed specification is not beside the project (../shared/feeds.md)")
def test_every_feed_has_the_columns_keys_and_values_of_the_specification():
    rows = re.findall(r"^\| `(\w+)` \| ([SVE]), `([^`]+)` \| (.+) \|$", SHARED.read_text(encoding="utf-8"), re.MULTILINE)
    assert len(rows) == 17
    for name, kind, key, columns in rows:
        feed = contract.find_feed("canonical", name)
        assert feed is not None
        named = re.findall(r"`(\w+)(\*?)`(?: \(([^)]*)\))?", columns)
        assert (feed.kind, ", ".join(feed.key)) == (kind, key)
        assert [column.name for column in feed.columns if column.name != "snapshot_on"] == [column for column, _, _ in named]
        assert {column.name for column in feed.columns if column.required} == {column for column, star, _ in named if star}
        for column, _, note in named:
            values = feed.by_name[column].values
            assert not values or not note or note == ", ".join(values)


@pytest.mark.parametrize("feed", CANONICAL, ids=lambda feed: feed.name)
def test_what_a_feed_refers_to_exists_and_comes_before_it(feed: Feed):
    names = [other.name for other in CANONICAL]
    assert set(feed.key) <= set(feed.by_name)
    assert feed.history_column in feed.by_name
    for pair in feed.pairs:
        assert {feed.by_name[pair.earlier].type, feed.by_name[pair.later].type} <= {"date", "timestamp"}
    for reference in feed.references:
        target = contract.find_feed(feed.source, reference.feed)
        assert target is not None
        assert reference.column in feed.by_name
        assert reference.key in target.by_name
        assert names.index(reference.feed) < names.index(feed.name)


@pytest.mark.parametrize(
    "column",
    [
        "gender",
        "Gender",
        "birth_date",
        "DateOfBirth",
        "age",
        "marital_status",
        "health_note",
        "leaveReason",
        "base salary",
        "comments",
        "home_address",
        "SSN",
    ],
)
def test_a_forbidden_column_is_recognised_in_any_spelling(column):
    assert contract.is_forbidden(CANONICAL[0], column)


@pytest.mark.parametrize(
    "column", ["stage", "page", "manager_id", "paypal_queue", "agent", "is_manager", "language", "disabled_at"]
)
def test_a_harmless_column_is_not_taken_for_a_forbidden_one(column):
    assert not contract.is_forbidden(CANONICAL[0], column)


def test_values_that_name_a_person_are_marked():
    assert contract.is_identity("canonical", "workers", "email")
    assert contract.is_identity("canonical", "process_assignments", "worker_id, process_id, assigned_from")
    assert contract.is_identity("canonical", "workers", None)
    assert not contract.is_identity("canonical", "workers", "hire_date")
