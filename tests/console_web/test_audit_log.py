"""The audit log: nothing in it can be changed unseen."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from console.access import audit_log
from console.access.audit_log import verify
from console.access.roles import Role

TRIGGERS = ("audit_log_no_update", "audit_log_no_delete")


@pytest.fixture
def filled(console):
    with console.store.writing() as db:
        for number in range(1, 6):
            audit_log.append(db, console.clock(), "ana", "did_something", f"thing {number}", figure=number)
    return console


def force(console, *statements: str) -> None:
    """What somebody does who owns the database file."""
    with console.store.writing() as db:
        for trigger in TRIGGERS:
            db.execute(text(f"drop trigger {trigger}"))
        for statement in statements:
            db.execute(text(statement))


def problems(console) -> tuple[str, ...]:
    return verify(console.store, console.settings.console_home).problems


def test_an_untouched_log_holds(filled):
    verdict = verify(filled.store, filled.settings.console_home)
    assert verdict.problems == ()
    assert verdict.rows == 5


@pytest.mark.parametrize(
    "statement",
    [
        "update audit_log set actor = 'eve' where sequence = 2",
        "delete from audit_log",
        # SQLite deletes the old row of a replacement without asking the trigger on deletion.
        "insert or replace into audit_log"
        " select sequence, at, 'eve', action, subject, detail, previous_sha256, sha256 from audit_log",
    ],
)
def test_the_database_refuses_to_change_or_delete_a_row(filled, statement):
    with pytest.raises(DatabaseError, match="append-only"), filled.store.writing() as db:
        db.execute(text(statement))
    assert problems(filled) == ()


@pytest.mark.parametrize("column", ["at", "actor", "action", "subject", "detail", "previous_sha256", "sha256"])
def test_any_changed_column_is_found(filled, column):
    value = "'2020-01-01 00:00:00.000000'" if column == "at" else "'x'"
    force(filled, f"update audit_log set {column} = {value} where sequence = 3")
    assert any("3" in problem for problem in problems(filled))


def test_a_removed_row_is_found(filled):
    force(filled, "delete from audit_log where sequence = 3")
    assert "Row 3 is missing: row 4 follows row 2." in problems(filled)


def test_rows_cut_off_at_the_end_are_found_by_the_head_outside_of_the_database(filled):
    force(filled, "delete from audit_log where sequence >= 4")
    assert problems(filled) == ("The log once ended with row 5, which is gone or changed.",)


def test_a_log_written_anew_is_found_by_a_hash_noted_earlier(filled):
    folder = filled.settings.console_home
    noted = verify(filled.store, folder).head
    force(filled, "delete from audit_log")
    with filled.store.writing() as db:
        for number in range(1, 6):
            audit_log.append(db, filled.clock(), "eve", "did_something", f"thing {number}", figure=number)
    assert verify(filled.store, folder).problems == ()
    assert verify(filled.store, folder, noted).problems == (f"The hash noted earlier, {noted}, is not in the log.",)


def test_an_entry_stands_or_falls_with_what_was_done(console):
    def fail_half_way() -> None:
        with console.store.writing() as db:
            audit_log.append(db, console.clock(), "ana", "did_something")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_half_way()
    assert verify(console.store, console.settings.console_home).rows == 0


def test_an_auditor_sees_the_days_of_the_period_only(console, clock):
    auditor = console.client(Role.AUDITOR)
    with console.store.writing() as db:
        for day in (
            datetime(2025, 12, 31, 23, 59, tzinfo=UTC),
            datetime(2026, 1, 1, tzinfo=UTC),
            datetime(2026, 3, 1, tzinfo=UTC),
        ):
            audit_log.append(db, day, "ana", "did_something", f"{day:%Y-%m-%d}")
    assert [row["subject"] for row in auditor.get("/audit-log.json").json()["entries"]] == ["2026-01-01"]


def test_older_rows_are_one_link_away_and_all_are_reachable(console):
    with console.store.writing() as db:
        for _ in range(250):
            audit_log.append(db, console.clock(), "ana", "did_something")
    admin, seen, before = console.client(Role.ADMIN), [], ""
    while True:
        page = admin.get(f"/audit-log.json{before}").json()
        seen += [row["sequence"] for row in page["entries"]]
        if page["older"] is None:
            break
        before = f"?before={page['older']}"
    assert seen == list(range(250, 0, -1))


def test_a_failed_log_in_is_noted_without_what_was_typed(console):
    console.browser().post("/log-in", data={"name": "my-password-by-mistake", "password": "x"})
    page = console.client(Role.ADMIN).get("/audit-log.json").text
    assert "log_in_failed" in page
    assert "my-password-by-mistake" not in page
