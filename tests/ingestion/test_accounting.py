"""Properties that hold for any input: no row is lost, a time means what ISO 8601 says."""

import csv
import io
import tempfile
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from expectations import casts, contract
from preaudit.settings import Settings
from tests.ingestion.world import World

CELLS = st.one_of(
    st.sampled_from(["w1", "w2", "active", "gone", "2026-01-05", "2020-02-30", "", '"', '"x', 'a"b', "a\nb", "a,b", "ü", "?"]),
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\x00"), max_size=6),
)


@pytest.mark.slow
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(rows=st.lists(st.lists(CELLS, min_size=1, max_size=6), max_size=8), is_quoted=st.booleans())
def test_whatever_is_in_a_csv_file_every_row_is_accepted_quarantined_or_refused(rows, is_quoted):
    text = io.StringIO()
    text.write("worker_id,document_id,version,signed_at\n")
    if is_quoted:
        rows = [(row + [""] * 4)[:4] for row in rows]
        csv.writer(text, lineterminator="\n", quoting=csv.QUOTE_ALL).writerows(rows)
    else:
        text.write("".join(",".join(row) + "\n" for row in rows))
    with tempfile.TemporaryDirectory() as folder:
        world = World(Settings(home=Path(folder) / "var", landing=Path(folder) / "landing", settle_seconds=0))
        world.deliver("2026-01-05", "acknowledgements.csv", text.getvalue())
        (outcome,) = world.load("acknowledgements")
        kept = world.rows("select count(*) filter (where not _is_quarantined), count(*) from raw.canonical__acknowledgements")[0]
        malformed = world.rows("select count(*) from ops.quarantine where column_name is null")[0][0]
        if is_quoted:
            assert (outcome.rows_delivered, malformed) == (len(rows), 0)
        assert kept[0] == outcome.rows_accepted
        assert kept[1] + malformed == outcome.rows_delivered


READER = duckdb.connect()
READER.execute("set TimeZone = 'UTC'")


def read(source: str, feed_name: str, column: str, text: str) -> object:
    """What the contract's cast makes of a text."""
    feed = contract.find_feed(source, feed_name)
    assert feed is not None
    value = casts.typed(feed, feed.by_name[column])
    return READER.execute(f"select {value} from (select ? as {column})", [text]).fetchall()[0][0]


OFFSETS = st.one_of(st.none(), st.integers(-14 * 60, 14 * 60))


@settings(max_examples=200, deadline=None)
@given(moment=st.datetimes(datetime(1950, 1, 2), datetime(2200, 1, 1)), offset=OFFSETS, separator=st.sampled_from("T "))
def test_an_iso_timestamp_is_read_as_the_moment_it_names(moment, offset, separator):
    zone = UTC if offset is None else timezone(timedelta(minutes=offset))
    text = (moment if offset is None else moment.replace(tzinfo=zone)).isoformat(sep=separator)
    assert read("canonical", "auth_events", "occurred_at", text) == moment.replace(tzinfo=zone).astimezone(UTC).replace(
        tzinfo=None
    )


@settings(max_examples=100, deadline=None)
@given(moment=st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1)), has_zeros=st.booleans())
def test_a_day_first_timestamp_is_read_in_both_spellings(moment, has_zeros):
    moment = moment.replace(second=0, microsecond=0)
    day = f"{moment:%d/%m/%Y}" if has_zeros else f"{moment.day}/{moment.month}/{moment.year}"
    assert read("servicenow", "incident_event_log", "sys_updated_at", f"{day} {moment:%H:%M}") == moment


@pytest.mark.parametrize(
    "text", ["2026-02-30", "2026-13-01", "29/2/2016 01:16", "1700000000", "yesterday", "2026-01-05T25:00:00"]
)
def test_what_is_no_iso_timestamp_is_not_guessed(text):
    assert read("canonical", "auth_events", "occurred_at", text) is None
