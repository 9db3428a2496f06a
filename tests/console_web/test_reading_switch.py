"""A new snapshot takes the place of the old one while people read; a damaged one does not."""

import shutil
import threading
import time
from datetime import timedelta
from pathlib import Path

import pytest

from benchmarks.console_year import LAST as DAY
from benchmarks.console_year import Company, publish_tables
from console.access.roles import Scope
from console.reading.current import SnapshotReader
from console.reading.filters import Filter
from console.reading.prepare import prepare
from console.reading.ranked_list import ranked_list
from console.reading.view import view
from preaudit.errors import PreauditError
from preaudit.settings import Settings

NEXT = DAY + timedelta(days=1)


@pytest.fixture
def company() -> Company:
    return Company(agents=12, processes=8)


@pytest.fixture
def settings(tmp_path: Path, company: Company) -> Settings:
    """A home with one published day."""
    settings = Settings(home=tmp_path / "var", landing=tmp_path)
    publish_day(settings, company)
    return settings


def publish_day(settings: Settings, company: Company, day=DAY) -> Path:
    return publish_tables(settings, day, company.tables(day, company.rankings(day)))


def test_a_new_day_is_shown_once_it_is_read_and_its_history_has_both_days(settings: Settings, company: Company) -> None:
    reader = SnapshotReader(settings)
    assert reader.current().snapshot.as_of_on == DAY
    publish_day(settings, company, NEXT)
    assert reader.current().snapshot.as_of_on == DAY, "the day before is shown while the new one is read"
    reader.wait()
    assert reader.current().snapshot.as_of_on == NEXT
    assert reader.current().days == (DAY, NEXT)
    assert reader.current().previous_on == DAY


def test_no_reader_is_refused_while_days_are_published(settings: Settings, company: Company) -> None:
    reader = SnapshotReader(settings, (prepare,))
    days, errors, stop = set(), [], threading.Event()

    def read() -> None:
        while not stop.is_set():
            try:
                reading = reader.current()
                page = ranked_list(view(reading, Scope()), "process", Filter())
                assert page["total"] == 8
                days.add(reading.snapshot.as_of_on)
            except Exception as error:
                errors.append(error)

    threads = [threading.Thread(target=read) for _ in range(4)]
    for thread in threads:
        thread.start()
    for ahead in (1, 2, 3):
        publish_day(settings, company, DAY + timedelta(days=ahead))
        reader.current()
        reader.wait()
    end = time.monotonic() + 60
    while DAY + timedelta(days=3) not in days and not errors and time.monotonic() < end:
        time.sleep(0.01)
    stop.set()
    for thread in threads:
        thread.join()
    assert errors == []
    assert max(days) == DAY + timedelta(days=3)


@pytest.mark.parametrize("damage", ["truncated", "missing", "no_manifest"])
def test_a_damaged_new_day_leaves_the_old_one_and_says_so(settings: Settings, company: Company, damage: str) -> None:
    reader = SnapshotReader(settings)
    old = reader.current()
    folder = publish_day(settings, company, NEXT)
    if damage == "truncated":
        (folder / "scores.parquet").write_bytes(b"PAR1")
    elif damage == "missing":
        (folder / "failures.parquet").unlink()
    else:
        (folder / "snapshot.json").write_text("{")
    reader.current()
    reader.wait()
    assert reader.current() is old
    (notice,) = reader.notices(old)
    assert f"The newest snapshot {folder.name} cannot be read" in notice
    assert str(settings.home) not in notice


def test_a_start_on_a_damaged_day_shows_the_newest_whole_one(settings: Settings, company: Company) -> None:
    folder = publish_day(settings, company, NEXT)
    (folder / "scores.parquet").write_bytes(b"PAR1")
    reader = SnapshotReader(settings)
    assert reader.current().snapshot.as_of_on == DAY
    assert folder.name in reader.notices(reader.current())[0]


def test_a_half_written_day_is_not_seen(settings: Settings) -> None:
    reader = SnapshotReader(settings)
    reader.current()
    (settings.published / ".draft-1").mkdir()
    (settings.published / ".draft-1" / "rankings.parquet").write_bytes(b"PAR1")
    assert reader.current().snapshot.as_of_on == DAY
    assert reader.notices(reader.current()) == ()


def test_what_is_in_memory_stays_readable_when_the_folder_is_emptied(settings: Settings) -> None:
    reader = SnapshotReader(settings)
    reader.current()
    shutil.rmtree(settings.published)
    assert reader.current().snapshot.as_of_on == DAY


def test_where_nothing_can_be_read_the_error_says_what_to_do(settings: Settings) -> None:
    for folder in (settings.published / "snapshots").iterdir():
        (folder / "rankings.parquet").unlink()
    with pytest.raises(PreauditError, match=r"has no rankings\.parquet"):
        SnapshotReader(settings).current()


def test_the_history_is_kept_in_a_file_that_is_made_again_when_it_is_damaged(settings: Settings, company: Company) -> None:
    kept = settings.home / "console" / "cache" / "history.parquet"
    SnapshotReader(settings).current()
    assert kept.is_file()
    kept.write_bytes(b"not parquet")
    publish_day(settings, company, NEXT)
    reading = SnapshotReader(settings).current()
    assert reading.days == (DAY, NEXT)
    assert len(reading.history.rows("process", "P0000")) == 2


def test_a_damaged_day_of_the_past_is_left_out_of_the_history_with_a_notice(settings: Settings, company: Company) -> None:
    for folder in (settings.published / "snapshots").iterdir():
        (folder / "rankings.parquet").write_bytes(b"PAR1")
    publish_day(settings, company, NEXT)
    reading = SnapshotReader(settings).current()
    assert reading.days == (NEXT,)
    assert reading.notices == (f"{DAY} is left out of the history: rankings.parquet was changed after it was published.",)
