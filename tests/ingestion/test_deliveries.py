"""Deliveries that come again, late, corrected or in another format."""

from datetime import date

import duckdb
import pytest

from preaudit import ingestion
from preaudit.errors import PreauditError
from preaudit.ingestion import raw
from tests.ingestion.world import DAY, WORKERS, World

EVENTS = "event_id,occurred_at,account_id,outcome\n"
FINISHED_RUN = "insert into ops.runs values ('r', 'daily', '{0}', '{0}', 'v', now()::timestamp, now()::timestamp)"


def state(world: World, table: str = "canonical__workers") -> list:
    return world.rows(f"select * from raw.{table} order by _delivery_id, _row_number") + world.rows(
        "select * exclude (loaded_at) from ops.deliveries order by 1"
    )


def visible(world: World, on: str, column: str = "worker_id", table: str = "canonical__workers") -> list[str]:
    return [
        row[0]
        for row in world.rows(
            f"select {column} from raw.{table} join ops.deliveries on _delivery_id = delivery_id where not _is_quarantined "
            f"and not _is_repeat and _known_on <= '{on}' and (superseded_on is null or superseded_on > '{on}') order by 1"
        )
    ]


def test_delivering_the_same_file_twice_changes_nothing(world):
    world.deliver("2026-01-05", "workers.csv", WORKERS + "w1,active,agent,2020-01-01\n")
    world.load()
    before = state(world)
    world.deliver("2026-01-05", "workers.csv", WORKERS + "w1,active,agent,2020-01-01\n")
    assert ingestion.pending(world.settings, "canonical", DAY) == []
    assert world.load() == []
    assert state(world) == before


def test_a_corrected_file_replaces_the_delivery_and_the_old_one_stays_in_history(world):
    world.deliver("2026-01-05", "workers.csv", WORKERS + "w1,active,agent,2020-01-01\n")
    world.load()
    world.write(FINISHED_RUN.format("2026-01-06"))
    world.deliver("2026-01-05", "workers.csv", WORKERS + "w2,active,agent,2020-01-01\n")
    (outcome,) = world.load(through=date(2026, 1, 7))
    assert (outcome.known_on, outcome.superseded) == (date(2026, 1, 7), 1)
    assert visible(world, "2026-01-05") == ["w1"]
    assert visible(world, "2026-01-06") == ["w1"]
    assert visible(world, "2026-01-07") == ["w2"]


def test_a_file_corrected_before_its_day_was_published_is_never_seen(world):
    world.deliver("2026-01-05", "workers.csv", WORKERS + "w1,active,agent,2020-01-01\n")
    world.load()
    world.deliver("2026-01-05", "workers.csv", WORKERS + "w2,active,agent,2020-01-01\n")
    world.load()
    assert visible(world, "2026-01-05") == ["w2"]


def test_a_refused_correction_leaves_the_earlier_delivery_in_force(world):
    world.deliver("2026-01-05", "workers.csv", WORKERS + "w1,active,agent,2020-01-01\n")
    world.load()
    world.deliver("2026-01-05", "workers.csv", WORKERS)
    assert [outcome.status for outcome in world.load()] == ["refused"]
    assert visible(world, "2026-01-05") == ["w1"]
    assert world.load() == []
    (refusal,) = ingestion.standing_refusals(world.settings, "canonical", DAY)
    assert (refusal.folder, refusal.rule) == ("2026-01-05", "EMPTY_DELIVERY")
    world.deliver("2026-01-05", "workers.csv", WORKERS + "w3,active,agent,2020-01-01\n")
    world.load()
    assert ingestion.standing_refusals(world.settings, "canonical", DAY) == []
    assert visible(world, "2026-01-05") == ["w3"]


def test_a_refusal_ends_when_its_file_is_withdrawn(world):
    refused = world.deliver("2026-01-05", "workers.csv", WORKERS)
    world.load()
    assert len(ingestion.standing_refusals(world.settings, "canonical", DAY)) == 1
    refused.unlink()
    assert ingestion.standing_refusals(world.settings, "canonical", DAY) == []


def test_a_refusal_of_two_formats_stands_until_what_is_left_of_them_was_accepted(world):
    world.deliver("2026-01-05", "workers.csv", WORKERS + "w1,active,agent,2020-01-01\n")
    extra = world.deliver("2026-01-05", "workers.jsonl", '{"worker_id":"w9"}\n')
    world.load()
    extra.unlink()
    assert [refusal.rule for refusal in ingestion.standing_refusals(world.settings, "canonical", DAY)] == ["TWO_FORMATS"]
    world.load()
    assert ingestion.standing_refusals(world.settings, "canonical", DAY) == []


def test_a_refusal_ends_when_another_format_of_its_folder_is_accepted(world):
    refused = world.deliver("2026-01-05", "workers.csv", WORKERS)
    world.load()
    refused.unlink()
    row = '{"worker_id":"w1","employment_status":"active","job_role":"a","hire_date":"2020-01-01"}\n'
    world.deliver("2026-01-05", "workers.jsonl", row)
    assert [outcome.status for outcome in world.load()] == ["accepted"]
    assert ingestion.standing_refusals(world.settings, "canonical", DAY) == []


def test_a_late_folder_becomes_known_on_the_first_day_of_the_run_that_takes_it(world):
    world.deliver("2026-01-05", "workers.csv", WORKERS + "w1,active,agent,2020-01-01\n")
    world.load()
    world.write(FINISHED_RUN.format("2026-01-05"))
    world.deliver("2026-01-03", "workers.csv", WORKERS + "w0,active,agent,2020-01-01\n")
    world.deliver("2026-01-06", "workers.csv", WORKERS + "w2,active,agent,2020-01-01\n")
    outcomes = world.load(through=date(2026, 1, 7), run_from=date(2026, 1, 6))
    assert [(outcome.folder, outcome.known_on) for outcome in outcomes] == [
        ("2026-01-03", date(2026, 1, 6)),
        ("2026-01-06", date(2026, 1, 6)),
    ]


def test_folders_after_the_runs_last_day_wait(world):
    world.deliver("2026-01-06", "workers.csv", WORKERS + "w1,active,agent,2020-01-01\n")
    assert world.load(through=date(2026, 1, 5)) == []
    assert len(world.load(through=date(2026, 1, 6))) == 1


def test_an_event_that_comes_again_is_a_repeat_and_with_another_content_a_conflict(world):
    world.deliver(
        "2026-01-04", "auth_events.csv", EVENTS + "e1,2026-01-04T10:00:00Z,a1,success\ne2,2026-01-04T11:00:00Z,a1,success\n"
    )
    world.deliver(
        "2026-01-05",
        "auth_events.csv",
        EVENTS
        + "e1,2026-01-04T10:00:00Z,a1,success\ne2,2026-01-04T11:00:00Z,a1,failure\n"
        + "e3,2026-01-05T11:00:00Z,a1,failure\ne3,2026-01-05T11:00:00Z,a1,failure\n",
    )
    first, second = world.load("auth_events")
    assert (first.rows_repeated, second.rows_repeated) == (0, 2)
    assert (second.rows_accepted, second.rows_quarantined) == (3, 1)
    assert world.quarantine() == [(2, "DUPLICATE_KEY", "event_id", "e2")]
    assert visible(world, "2026-01-05", "event_id", "canonical__auth_events") == ["e1", "e2", "e3"]


def test_a_corrected_file_may_bring_the_same_events_again(world):
    world.deliver("2026-01-05", "auth_events.csv", EVENTS + "e1,2026-01-05T10:00:00Z,a1,success\n")
    world.load("auth_events")
    world.deliver(
        "2026-01-05", "auth_events.csv", EVENTS + "e1,2026-01-05T10:00:00Z,a1,failure\ne2,2026-01-05T10:00:00Z,a1,failure\n"
    )
    (outcome,) = world.load("auth_events")
    assert (outcome.rows_accepted, outcome.rows_repeated, outcome.rows_quarantined) == (2, 0, 0)


def test_a_correction_stands_by_itself_even_where_a_later_delivery_repeated_the_file_it_replaces(world):
    first, second = "e1,2026-01-04T10:00:00Z,a1,success\n", "e2,2026-01-04T11:00:00Z,a1,success\n"
    world.deliver("2026-01-04", "auth_events.csv", EVENTS + first)
    world.deliver("2026-01-05", "auth_events.csv", EVENTS + first + "e3,2026-01-05T10:00:00Z,a1,success\n")
    assert [outcome.rows_repeated for outcome in world.load("auth_events")] == [0, 1]
    for content in (first + second, second + first):
        world.deliver("2026-01-04", "auth_events.csv", EVENTS + content)
        (outcome,) = world.load("auth_events")
        assert (outcome.rows_accepted, outcome.rows_repeated) == (2, 0)
        assert visible(world, "2026-01-05", "event_id", "canonical__auth_events") == ["e1", "e2", "e3"]


def test_an_event_that_comes_again_in_another_format_is_a_repeat_and_one_that_says_something_else_a_conflict(world):
    file = world.deliver("history", "data_access_events.parquet", b"")
    duckdb.execute(
        "copy (select event_id, timestamptz '2026-01-04 10:00:00+00' as occurred_at, 'a1' as account_id, 'view' as action, "
        f"1::bigint as records from (values ('e1'), ('e2'), ('e3')) as events (event_id)) to '{file}' (format parquet)"
    )
    world.deliver("history", "data_access_events.parquet", file.read_bytes())
    line = '{{"event_id": "{}", "occurred_at": "2026-01-04T{}", "account_id": "a1", "action": "view", "records": {}}}\n'
    rows = [("e1", "10:00:00Z", "1.0"), ("e2", "12:00:00.000+02:00", "1"), ("e3", "10:00:00Z", "2")]
    world.deliver("2026-01-05", "data_access_events.jsonl", "".join(line.format(*row) for row in rows))
    history, day = world.load("data_access_events")
    assert (history.rows_accepted, day.rows_repeated, day.rows_quarantined) == (3, 2, 1)
    assert world.quarantine() == [(3, "DUPLICATE_KEY", "event_id", "e3")]


def test_flags_and_keys_that_are_times_are_compared_as_what_they_mean(world):
    header = "event_id,occurred_at,account_id,outcome,is_mfa\n"
    world.deliver("2026-01-04", "auth_events.csv", header + "e1,2026-01-04T10:00:00Z,a1,success,true\n")
    world.deliver("2026-01-05", "auth_events.csv", header + "e1,2026-01-04 10:00:00+00,a1,success,True\n")
    assert [outcome.rows_repeated for outcome in world.load("auth_events")] == [0, 1]
    header = "ticket_id,approver_id,decision,decided_at\n"
    world.deliver("2026-01-04", "approvals.csv", header + "t1,b1,approved,2026-01-04T10:00:00Z\n")
    world.deliver("2026-01-05", "approvals.csv", header + "t1,b1,rejected,2026-01-04 10:00:00+00\n")
    assert [outcome.rows_quarantined for outcome in world.load("approvals")] == [0, 1]


def test_of_two_rows_with_one_key_the_first_sound_one_stands(world):
    world.deliver(
        "2026-01-05", "workers.csv", WORKERS + "w1,gone,agent,2020-01-01\nw1,active,agent,2020-01-01\nw1,leave,agent,2020-01-01\n"
    )
    world.load()
    assert world.quarantine() == [(1, "NOT_ALLOWED", "employment_status", "gone"), (3, "DUPLICATE_KEY", "worker_id", "w1")]


def test_in_a_history_every_row_is_known_at_its_own_time(world):
    world.deliver(
        "history",
        "workers.csv",
        "snapshot_on," + WORKERS + "2025-12-28,w1,active,agent,2020-01-01\n2026-01-04,w1,leave,agent,2020-01-01\n",
    )
    world.deliver(
        "history",
        "shifts.csv",
        "worker_id,starts_at,ends_at,kind,updated_at\nw1,2026-01-09T08:00,2026-01-09T16:00,scheduled,2026-01-02T17:00\n",
    )
    world.deliver("history", "auth_events.csv", EVENTS + "e1,2026-01-03T23:30:00-02:00,a1,success\n")
    (workers,) = world.load("workers")
    assert (workers.known_on, workers.first_known_on, workers.last_known_on) == (None, date(2025, 12, 28), date(2026, 1, 4))
    world.load("shifts")
    world.load("auth_events")
    assert world.rows("select _known_on, _known_at::varchar from raw.canonical__workers order by 1") == [
        (date(2025, 12, 28), "2025-12-28 23:59:59"),
        (date(2026, 1, 4), "2026-01-04 23:59:59"),
    ]
    assert world.rows("select _known_on, _known_at::varchar, _occurred_on from raw.canonical__shifts") == [
        (date(2026, 1, 2), "2026-01-02 17:00:00", None)
    ]
    assert world.rows("select _known_on, _known_at::varchar, _occurred_on from raw.canonical__auth_events") == [
        (date(2026, 1, 4), "2026-01-04 01:30:00", date(2026, 1, 4))
    ]


def test_a_history_is_known_until_its_last_sound_row_and_not_until_a_day_that_a_bad_row_claims(world):
    world.deliver(
        "history", "auth_events.csv", EVENTS + "e1,2026-01-02T10:00:00Z,a1,success\ne2,2999-01-01T10:00:00Z,a1,success\n"
    )
    (outcome,) = world.load("auth_events")
    assert (outcome.rows_quarantined, outcome.first_known_on, outcome.last_known_on) == (1, date(2026, 1, 2), date(2026, 1, 2))


def test_a_history_list_without_its_date_is_refused(world):
    world.deliver("history", "workers.csv", WORKERS + "w1,active,agent,2020-01-01\n")
    (outcome,) = world.load()
    assert outcome.refusal_rule == "MISSING_COLUMN"
    assert "snapshot_on" in outcome.refusal_reason


def test_a_corrected_history_replaces_the_old_one_from_its_first_day(world):
    world.deliver(
        "history", "auth_events.csv", EVENTS + "e1,2026-01-02T10:00:00Z,a1,success\ne2,2026-01-03T10:00:00Z,a1,success\n"
    )
    (first,) = world.load("auth_events")
    world.deliver("history", "auth_events.csv", EVENTS + "e1,2026-01-02T10:00:00Z,a1,failure\n")
    (corrected,) = world.load("auth_events")
    assert visible(world, "2026-01-05", "event_id || ' ' || outcome", "canonical__auth_events") == ["e1 failure"]
    assert first.warning is None
    assert "--full-refresh" in corrected.warning


def test_the_local_day_follows_the_sources_time_zone(world):
    settings = world.settings.model_copy(update={"source_time_zone": "Asia/Manila"})
    manila = World(settings)
    manila.deliver(
        "2026-01-05", "auth_events.csv", EVENTS + "e1,2026-01-05 01:00:00,a1,success\ne2,2026-01-04T16:30:00Z,a1,success\n"
    )
    manila.load("auth_events")
    assert manila.rows(
        "select event_id, _occurred_on, _known_on, _known_at::varchar from raw.canonical__auth_events order by 1"
    ) == [
        ("e1", date(2026, 1, 5), date(2026, 1, 5), "2026-01-05 15:59:59"),
        ("e2", date(2026, 1, 5), date(2026, 1, 5), "2026-01-05 15:59:59"),
    ]


@pytest.mark.parametrize(
    "name", ["auth_events.csv", "auth_events.csv.gz", "auth_events.parquet", "auth_events.jsonl", "auth_events.jsonl.gz"]
)
def test_every_format_gives_the_same_rows(world, name):
    path = world.settings.landing / "canonical" / "2026-01-05" / name
    path.parent.mkdir(parents=True)
    form = {"csv": "csv, header", "parquet": "parquet", "jsonl": "json"}[name.split(".")[1]]
    gzip = ", compression gzip" if name.endswith("gz") else ""
    duckdb.execute(
        "copy (select 'e1' as event_id, timestamp '2026-01-05 10:00:00' as occurred_at, 'a, \"b\"' as account_id, "
        "'success' as outcome, "
        "true as is_mfa, null::boolean as is_managed_device, 7 as shoe union all by name "
        "select 'e2' as event_id, timestamp '2026-01-05 11:00:00' as occurred_at, 'ü' as account_id, 'failure' as outcome) "
        f"to '{path}' "
        f"(format {form}{gzip})"
    )
    world.deliver("2026-01-05", name, path.read_bytes())
    (outcome,) = world.load("auth_events")
    assert (outcome.rows_accepted, outcome.unknown_columns) == (2, ("shoe",))
    assert world.rows(
        "select event_id, occurred_at, account_id, is_mfa, is_managed_device, _row_number "
        "from raw.canonical__auth_events order by 1"
    ) == [
        ("e1", "2026-01-05 10:00:00", 'a, "b"', "true", None, 1),
        ("e2", "2026-01-05 11:00:00", "ü", None, None, 2),
    ]


def test_forbidden_columns_are_dropped_at_the_door_and_reported(world):
    world.deliver(
        "2026-01-05",
        "workers.csv",
        "Gender,dateOfBirth,home_address,salary,page,worker_id,employment_status,job_role,hire_date\nSECRET,SECRET,SECRET,SECRET,1,w1,active,agent,2020-01-01\n",
    )
    (outcome,) = world.load()
    assert outcome.dropped_columns == ("Gender", "dateOfBirth", "home_address", "salary")
    assert outcome.unknown_columns == ("page",)
    assert "SECRET" not in str(world.rows("select * from raw.canonical__workers"))
    assert world.rows("select dropped_columns from ops.deliveries") == [(["Gender", "dateOfBirth", "home_address", "salary"],)]


def test_accounting_that_does_not_hold_stops_the_load_and_keeps_nothing(world, monkeypatch):
    real = raw.insert_rows
    monkeypatch.setattr(raw, "insert_rows", lambda *arguments: real(*arguments) + 1)
    world.deliver("2026-01-05", "workers.csv", WORKERS + "w1,active,agent,2020-01-01\n")
    with pytest.raises(PreauditError, match="2 rows were delivered, but 1 accepted, 0 quarantined and 0 refused"):
        world.load()
    assert world.rows("select count(*) from raw.canonical__workers") == [(0,)]
    assert world.rows("select count(*) from ops.deliveries") == [(0,)]


def test_an_unknown_feed_is_named_with_the_feeds_there_are(world):
    with pytest.raises(PreauditError, match="Choose one of: workers, processes"):
        world.load("wrokers")


def test_a_decision_of_the_console_is_a_fact_and_a_comment_on_it_is_dropped(world):
    header = "decision_id,entity_kind,entity_id,kind,decided_at,comment\n"
    rows = "d1,agent,w1,acted,2026-01-05T10:00:00Z,talked to her\nd2,agent,w1,fired,2026-01-05T10:00:00Z,\n"
    world.deliver("2026-01-05", "decisions.csv", header + rows, source="console")
    (outcome,) = world.load("decisions", source="console")
    assert (outcome.rows_accepted, outcome.dropped_columns) == (1, ("comment",))
    assert world.quarantine() == [(2, "NOT_ALLOWED", "kind", "fired")]
    assert world.rows("select entity_id, kind from raw.console__decisions where not _is_quarantined") == [("w1", "acted")]
    assert "talked" not in str(world.rows("select * from raw.console__decisions"))
