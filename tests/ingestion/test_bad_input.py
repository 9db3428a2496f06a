"""Everything that can be wrong with a delivery: a clear message, and no row lost."""

import csv
import errno
import gzip
import importlib

import duckdb
import pyarrow as pa
import pytest

from preaudit import ingestion
from preaudit.ingestion import DeliveryOutcome
from tests.ingestion.world import WORKERS, World

GOOD = "w1,active,agent,2020-01-01\n"


def load_one(world: World, content: str | bytes, name: str = "workers.csv", feed: str = "workers") -> DeliveryOutcome:
    world.deliver("2026-01-05", name, content)
    (outcome,) = world.load(feed)
    return outcome


def counts(outcome: DeliveryOutcome) -> tuple[int, int, int, int]:
    return outcome.rows_delivered, outcome.rows_accepted, outcome.rows_quarantined, outcome.rows_refused


@pytest.mark.parametrize(("delimiter", "word"), [(";", "semicolons"), ("\t", "tabs"), ("|", "vertical bars")])
def test_a_file_with_another_delimiter_is_refused_and_the_message_names_it(world, delimiter, word):
    outcome = load_one(world, (WORKERS + GOOD).replace(",", delimiter))
    assert outcome.refusal_rule == "WRONG_DELIMITER"
    assert word in outcome.refusal_reason
    assert "commas" in outcome.refusal_reason
    assert counts(outcome) == (1, 0, 0, 1)


@pytest.mark.parametrize("name", ["workers.csv", "workers.jsonl"])
def test_a_byte_order_mark_changes_nothing(world, name):
    text = (
        WORKERS + GOOD
        if name.endswith("csv")
        else '{"worker_id":"w1","employment_status":"active","job_role":"a","hire_date":"2020-01-01"}\n'
    )
    outcome = load_one(world, b"\xef\xbb\xbf" + text.encode(), name)
    assert counts(outcome) == (1, 1, 0, 0)
    assert world.rows("select worker_id from raw.canonical__workers") == [("w1",)]


@pytest.mark.parametrize(("row", "cells"), [("w2,active", 2), ("w2,active,agent,2020-01-01,x,y", 6)])
def test_a_ragged_row_is_set_aside_as_it_came_and_the_others_go_on(world, row, cells):
    outcome = load_one(world, f"{WORKERS}{GOOD}{row}\nw3,active,agent,2020-01-01\n")
    assert counts(outcome) == (3, 2, 1, 0)
    assert world.quarantine() == [(2, "MALFORMED_ROW", None, row)]
    assert world.rows("select message from ops.quarantine") == [(f"the row has {cells} cells where the header has 4",)]
    assert world.rows("select worker_id, _row_number from raw.canonical__workers order by 2") == [("w1", 1), ("w3", 3)]


def test_an_unclosed_quote_costs_one_row_not_the_rest_of_the_file(world):
    outcome = load_one(
        world, f'{WORKERS}{GOOD}w2,active,"agent,2020-01-01\nw3,active,"lead, night",2020-01-01\nw4,active,agent,2020-01-01\n'
    )
    assert counts(outcome) == (4, 3, 1, 0)
    assert world.quarantine() == [(2, "MALFORMED_ROW", None, 'w2,active,"agent,2020-01-01')]
    assert world.rows("select worker_id, job_role from raw.canonical__workers order by 1") == [
        ("w1", "agent"),
        ("w3", "lead, night"),
        ("w4", "agent"),
    ]


def test_a_line_break_inside_quotes_stays_one_row_even_in_a_damaged_file(world):
    outcome = load_one(world, f'{WORKERS}w1,active,"two\nlines",2020-01-01\nbroken\n')
    assert counts(outcome) == (2, 1, 1, 0)
    assert world.rows("select job_role from raw.canonical__workers") == [("two\nlines",)]


@pytest.mark.parametrize("row", [b"w2,active,caf\xe9,2020-01-01\n", b"w2,active\nw3,active,caf\xe9,2020-01-01\n"])
def test_a_file_that_is_not_utf_8_is_refused(world, row):
    outcome = load_one(world, (WORKERS + GOOD).encode() + row)
    assert outcome.refusal_rule == "WRONG_ENCODING"
    assert "UTF-8" in outcome.refusal_reason
    assert outcome.rows_refused == outcome.rows_delivered == 1 + row.count(b"\n")


def test_a_utf_16_file_is_refused(world):
    assert load_one(world, (WORKERS + GOOD).encode("utf-16")).refusal_rule == "WRONG_ENCODING"


@pytest.mark.parametrize("content", [b"PAR1", b"PAR1" + bytes(200) + b"PAR1", b"not parquet at all, only text"])
def test_an_unreadable_parquet_file_is_refused(world, content):
    outcome = load_one(world, content, "workers.parquet")
    assert outcome.refusal_rule == "UNREADABLE_FILE"
    assert "workers.parquet" in outcome.refusal_reason


def test_a_parquet_file_damaged_in_its_middle_is_refused_with_all_its_rows(world, tmp_path):
    path = tmp_path / "sound.parquet"
    duckdb.execute(
        "copy (select 'w' || i as worker_id, 'active' as employment_status, 'role ' || hash(i) as job_role, "
        f"'2020-01-01' as hire_date from range(5000) t(i)) to '{path}' (format parquet)"
    )
    content = bytearray(path.read_bytes())
    content[200:20000] = b"\xff" * 19800
    outcome = load_one(world, bytes(content), "workers.parquet")
    assert outcome.refusal_rule == "UNREADABLE_FILE"
    assert counts(outcome) == (5000, 0, 0, 5000)
    assert world.rows("select count(*) from raw.canonical__workers") == [(0,)]


@pytest.mark.parametrize("name", ["workers.csv.gz", "workers.jsonl.gz"])
@pytest.mark.parametrize("content", [b"no gzip", gzip.compress((WORKERS + GOOD * 5000).encode())[:90]], ids=["other", "cut"])
def test_a_damaged_gzip_file_is_refused(world, name, content):
    assert load_one(world, content, name).refusal_rule == "UNREADABLE_FILE"


def test_an_unknown_column_is_kept_and_reported(world):
    outcome = load_one(world, "shoe,worker_id,employment_status,job_role,hire_date\n42," + GOOD)
    assert outcome.unknown_columns == ("shoe",)
    assert counts(outcome) == (1, 1, 0, 0)
    assert world.rows("select _extra from raw.canonical__workers") == [('{"shoe":"42"}',)]


def test_a_missing_required_column_refuses_the_file_and_is_named(world):
    outcome = load_one(world, "worker_id,employment_status,hire_date\nw1,active,2020-01-01\n")
    assert outcome.refusal_rule == "MISSING_COLUMN"
    assert "job_role" in outcome.refusal_reason
    assert counts(outcome) == (1, 0, 0, 1)
    assert world.rows("select count(*) from raw.canonical__workers") == [(0,)]


def test_a_column_named_twice_refuses_the_file(world):
    assert load_one(world, "worker_id,Worker_ID,employment_status\nw1,w1,active\n").refusal_rule == "REPEATED_COLUMN"


@pytest.mark.parametrize(
    ("row", "rule", "column", "value"),
    [
        (",active,agent,2020-01-01", "REQUIRED_MISSING", "worker_id", None),
        ("w2,gone,agent,2020-01-01", "NOT_ALLOWED", "employment_status", "gone"),
        ("w2,active,agent,2020-02-30", "NOT_READABLE", "hire_date", "2020-02-30"),
        ("w2,active,agent,1020-02-28", "IMPLAUSIBLE_DATE", "hire_date", "1020-02-28"),
        ("w1,active,lead,2020-01-01", "DUPLICATE_KEY", "worker_id", "w1"),
    ],
)
def test_a_row_that_breaks_a_rule_is_set_aside_with_rule_column_and_value(world, row, rule, column, value):
    outcome = load_one(world, f"{WORKERS}{GOOD}{row}\n")
    assert counts(outcome) == (2, 1, 1, 0)
    assert world.quarantine() == [(2, rule, column, value)]
    assert world.rows("select _row_number from raw.canonical__workers where _is_quarantined") == [(2,)]


def test_an_end_before_its_start_is_set_aside(world):
    header = "worker_id,employment_status,job_role,hire_date,termination_date\n"
    outcome = load_one(world, f"{header}w1,terminated,agent,2020-01-02,2020-01-01\nw2,terminated,agent,2020-01-01,2020-01-01\n")
    assert counts(outcome) == (2, 1, 1, 0)
    assert world.quarantine() == [(1, "END_BEFORE_START", "termination_date", "2020-01-01")]


def test_an_event_after_the_delivery_day_is_set_aside(world):
    events = "event_id,occurred_at,account_id,outcome\ne1,2026-01-05T23:59:59Z,a1,success\ne2,2026-01-06T00:00:00Z,a1,success\n"
    outcome = load_one(world, events, "auth_events.csv", "auth_events")
    assert counts(outcome) == (2, 1, 1, 0)
    assert world.quarantine() == [(2, "FUTURE_EVENT", "occurred_at", "2026-01-06T00:00:00Z")]


def test_one_row_may_break_several_rules_and_counts_once(world):
    outcome = load_one(world, f"{WORKERS}{GOOD}w2,gone,,2020-02-30\n")
    assert counts(outcome) == (2, 1, 1, 0)
    assert [row[1] for row in world.quarantine()] == ["NOT_ALLOWED", "NOT_READABLE", "REQUIRED_MISSING"]


def test_an_empty_list_is_refused(world):
    outcome = load_one(world, WORKERS)
    assert outcome.refusal_rule == "EMPTY_DELIVERY"
    assert counts(outcome) == (0, 0, 0, 0)


def test_an_empty_delivery_of_a_feed_that_may_be_empty_is_accepted(world):
    header = "finding_id,control_id,entity_kind,entity_id,occurred_at,source\n"
    assert load_one(world, header, "findings.csv", "findings").status == "accepted"


def test_json_lines_without_a_line_are_an_empty_delivery(world):
    assert load_one(world, gzip.compress(b""), "findings.jsonl.gz", "findings").status == "accepted"
    world.deliver("2026-01-05", "workers.jsonl.gz", gzip.compress(b"\n"))
    assert [outcome.refusal_rule for outcome in world.load("workers")] == ["EMPTY_DELIVERY"]


@pytest.mark.parametrize("name", ["findings.csv", "findings.jsonl", "findings.parquet", "findings.csv.gz"])
def test_a_file_of_0_bytes_is_refused_even_where_a_feed_may_be_empty(world, name):
    assert load_one(world, b"", name, "findings").refusal_rule == "ZERO_BYTES"


def test_an_unknown_feed_name_is_reported_and_not_loaded(world):
    world.deliver("2026-01-05", "wrokers.csv", WORKERS + GOOD)
    (file,) = ingestion.unclaimed(world.settings, "canonical")
    assert (file.file, file.state) == ("canonical/2026-01-05/wrokers.csv", "unknown")
    assert "wrokers is not a feed" in file.reason


@pytest.mark.parametrize(
    ("name", "age"), [("workers.csv", 0.5), ("workers.csv.part", 60), (".workers.csv", 60), ("workers.csv.tmp", 60)]
)
def test_a_file_that_is_still_being_copied_waits(world, name, age):
    world.deliver("2026-01-05", name, WORKERS + GOOD, age=age)
    assert world.load() == []
    assert [(file.state) for file in ingestion.unclaimed(world.settings, "canonical")] == ["waiting"]


@pytest.mark.parametrize("name", ["workers.csv", "workers.jsonl"])
def test_a_line_of_50_mb_costs_one_row(world, name):
    long = b"x" * 50_000_000
    if name.endswith("csv"):
        content = WORKERS.encode() + b"w1,active," + long + b",2020-01-01\nw2,active,agent,2020-01-01\n"
    else:
        row = b'{"worker_id":"w%d","employment_status":"active","hire_date":"2020-01-01","job_role":"%s"}\n'
        content = row % (1, long) + row % (2, b"agent")
    outcome = load_one(world, content, name)
    assert counts(outcome) == (2, 1, 1, 0)
    assert world.rows("select row_number, rule_code, length(value) from ops.quarantine") == [(1, "ROW_TOO_LONG", 10_000)]
    assert world.rows("select worker_id from raw.canonical__workers") == [("w2",)]


@pytest.mark.parametrize("name", ["workers.csv", "workers.csv.gz"])
@pytest.mark.parametrize("good", [0, 10])
def test_a_last_line_larger_than_duckdbs_buffer_is_counted_and_set_aside(world, name, good):
    # Regression: DuckDB 2.0 drops such a line without an error, so the file was accepted with its last row missing.
    rows = "".join(f"w{number},active,agent,2020-01-01\n" for number in range(good))
    content = (WORKERS + rows).encode() + b"w99,active," + b"x" * 36_000_000 + b",2020-01-01"
    outcome = load_one(world, gzip.compress(content, 1) if name.endswith("gz") else content, name)
    if good:
        assert counts(outcome) == (11, 10, 1, 0)
        assert world.rows("select row_number, rule_code from ops.quarantine") == [(11, "ROW_TOO_LONG")]
    else:
        assert (outcome.refusal_rule, counts(outcome)) == ("NO_USABLE_ROWS", (1, 0, 0, 1))


@pytest.mark.parametrize("content", [b"a" * 20_000_000, b"a" * 200_000 + b"," + WORKERS.encode()], ids=["no end", "one cell"])
def test_a_header_too_long_to_be_one_refuses_the_file_in_one_short_sentence(world, content):
    # Regression: the csv module's own limit of 131,072 characters stopped the whole run.
    outcome = load_one(world, content)
    assert outcome.refusal_rule == "UNREADABLE_FILE"
    assert "workers.csv" in outcome.refusal_reason
    assert len(outcome.refusal_reason) < 200


@pytest.mark.parametrize(
    "error",
    [csv.Error("odd"), UnicodeError("odd"), PermissionError("odd"), duckdb.OutOfRangeException("odd"), pa.ArrowInvalid("odd")],
    ids=lambda error: type(error).__name__,
)
@pytest.mark.parametrize("step", ["preaudit.ingestion.reading.read", "preaudit.ingestion.raw.insert_rows"])
def test_an_unforeseen_error_of_one_file_refuses_it_and_the_next_file_is_loaded(world, monkeypatch, step, error):
    module, name = step.rsplit(".", 1)
    sound = getattr(importlib.import_module(module), name)

    def first_fails(*arguments):
        monkeypatch.setattr(step, sound)
        raise error

    world.deliver("2026-01-04", "workers.csv", WORKERS + GOOD)
    world.deliver("2026-01-05", "workers.csv", WORKERS + GOOD)
    monkeypatch.setattr(step, first_fails)
    first, second = world.load()
    assert (first.refusal_rule, counts(first)) == ("UNREADABLE_FILE", (1, 0, 0, 1))
    assert first.refusal_reason == "workers.csv cannot be read: odd. Deliver the file again."
    assert counts(second) == (1, 1, 0, 0)


@pytest.mark.parametrize("error", [duckdb.OutOfMemoryException("full"), OSError(errno.ENOSPC, "full")])
def test_a_file_is_not_refused_for_a_fault_of_the_machine(world, monkeypatch, error):
    world.deliver("2026-01-05", "workers.csv", WORKERS + GOOD)

    def fails(*arguments):
        raise error

    with monkeypatch.context() as patch:
        patch.setattr("preaudit.ingestion.raw.insert_rows", fails)
        with pytest.raises(type(error), match="full"):
            world.load()
    assert [outcome.status for outcome in world.load()] == ["accepted"]


def test_a_gzip_file_that_only_duckdb_cannot_read_is_loaded(world):
    # Regression: DuckDB 2.0 takes neither the text flag nor padding after the end; both are valid and stopped the run.
    content = bytearray(gzip.compress((WORKERS + GOOD).encode()))
    content[3] |= 1
    assert counts(load_one(world, bytes(content), "workers.csv.gz")) == (1, 1, 0, 0)
    world.deliver("2026-01-05", "systems.jsonl.gz", gzip.compress(b'{"system_id":"s1"}\n') + bytes(512))
    assert [outcome.rows_delivered for outcome in world.load("systems")] == [1]


def test_a_gzip_file_damaged_in_its_middle_is_refused(world):
    rows = "".join(f"w{number * number},active,agent {number},2020-01-01\n" for number in range(50_000))
    content = bytearray(gzip.compress((WORKERS + rows).encode()))
    content[len(content) // 2 : len(content) // 2 + 500] = b"\xff" * 500
    assert load_one(world, bytes(content), "workers.csv.gz").refusal_rule == "UNREADABLE_FILE"


@pytest.mark.parametrize(
    ("value", "quarantined"),
    [('"\\ud800":1', 1), ('"tenure":NaN}\n{broken', 2), ('"\\u0000":1', 0), ('"x":' + "[" * 50_000 + "]" * 50_000, 0)],
    ids=["half a pair as a name", "NaN", "nul as a name", "deep"],
)
def test_odd_json_costs_at_most_its_row_and_never_the_run(world, value, quarantined):
    # Regression: half a surrogate pair in a name reached pandas and stopped the run.
    row = '{"worker_id":"w%d","employment_status":"active","job_role":"agent","hire_date":"2020-01-01"%s}\n'
    outcome = load_one(world, row % (1, "") + row % (2, "," + value), "workers.jsonl")
    assert outcome.rows_quarantined == quarantined
    assert outcome.rows_accepted == (1 if quarantined else 2)


def test_a_key_or_name_that_is_a_whole_text_is_set_aside(world):
    header = "worker_id,email,employment_status,job_role,hire_date\n"
    long = "x" * 257
    rows = f"{long[1:]},,active,agent,2020-01-01\n{long},,active,agent,2020-01-01\nw3,{long},active,agent,2020-01-01\n"
    assert counts(load_one(world, header + rows)) == (3, 1, 2, 0)
    assert world.quarantine() == [(2, "KEY_TOO_LONG", "worker_id", long), (3, "KEY_TOO_LONG", "email", long)]


def test_json_lines_that_are_no_objects_are_set_aside(world):
    row = '{"worker_id":"w%d","employment_status":"active","job_role":"agent","hire_date":"2020-01-01"}\n'
    outcome = load_one(world, row % 1 + "[1]\n" + "{not json\n\n" + row % 4, "workers.jsonl")
    assert counts(outcome) == (4, 2, 2, 0)
    assert world.quarantine() == [(2, "MALFORMED_ROW", None, "[1]"), (3, "MALFORMED_ROW", None, "{not json")]


def test_two_formats_of_one_feed_in_a_folder_are_refused_until_one_is_removed(world):
    extra = world.deliver("2026-01-05", "workers.jsonl", '{"worker_id":"w9"}\n')
    outcome = load_one(world, WORKERS + GOOD)
    assert outcome.refusal_rule == "TWO_FORMATS"
    assert counts(outcome) == (2, 0, 0, 2)
    assert world.load() == []
    extra.unlink()
    assert [loaded.status for loaded in world.load()] == ["accepted"]


def test_a_list_of_which_nothing_can_be_used_is_refused_because_it_would_read_as_empty(world):
    outcome = load_one(world, f"{WORKERS}w1,gone,agent,2020-01-01\n")
    assert outcome.refusal_rule == "NO_USABLE_ROWS"
    assert counts(outcome) == (1, 0, 0, 1)


def test_the_line_of_a_malformed_row_is_withheld_where_the_file_has_forbidden_columns(world):
    load_one(world, "worker_id,employment_status,job_role,hire_date,gender\nw1,active,agent,2020-01-01,f\nw2,f\n")
    assert "w2" not in world.rows("select value from ops.quarantine")[0][0]
