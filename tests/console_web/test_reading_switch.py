"""A new snapshot takes the place of the old one while people read; a damaged one does not."""

import shutil
import threading
import time
from datetime import timedelta
from pathlib import Path

import polars as pl
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
    assert reader.current().history.days == (DAY, NEXT)
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
    assert reader.current().snapshot.as_of_on == DAY + timedelta(days=3)
    assert len(days) > 1, "days changed while they read"


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


def test_a_day_that_was_published_again_stands_once_in_the_history_with_its_last_version(
    settings: Settings, company: Company
) -> None:
    reader = SnapshotReader(settings)
    first = reader.current().history.series("process", "P0000", "probability")
    tables = company.tables(DAY, company.rankings(DAY))
    publish_tables(settings, DAY, tables, version=2)
    reader.current()
    reader.wait()
    again = reader.current().history
    chance = tables["rankings"].filter(entity_id="P0000")["probability_any"].item()
    assert again.versions == ((DAY, 2),)
    assert again.series("process", "P0000", "probability") == [(DAY, pytest.approx(chance, rel=1e-6))]
    assert first != again.series("process", "P0000", "probability")


def test_an_entity_that_comes_or_goes_has_values_on_its_days_only(settings: Settings, company: Company) -> None:
    reader = SnapshotReader(settings)
    reader.current()
    tables = company.tables(NEXT, company.rankings(NEXT))
    gone, new = "P0000", "P9999"
    renamed = pl.when(pl.col("entity_id") == gone).then(pl.lit(new)).otherwise(pl.col("entity_id")).alias("entity_id")
    publish_tables(settings, NEXT, tables | {"rankings": tables["rankings"].with_columns(renamed)})
    reader.current()
    reader.wait()
    past = reader.current().history
    assert [day for day, _ in past.series("process", gone, "rank")] == [DAY]
    assert [day for day, _ in past.series("process", new, "rank")] == [NEXT]
    assert len(past.series("process", "P0001", "rank")) == 2


def test_a_damaged_day_of_the_past_is_left_out_of_the_history_with_a_notice(settings: Settings, company: Company) -> None:
    for folder in (settings.published / "snapshots").iterdir():
        (folder / "rankings.parquet").write_bytes(b"PAR1")
    publish_day(settings, company, NEXT)
    reading = SnapshotReader(settings).current()
    assert reading.history.days == (NEXT,)
    assert reading.notices == (f"{DAY} is left out of the history: rankings.parquet was changed after it was published.",)
