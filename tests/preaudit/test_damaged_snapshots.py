"""A damaged snapshot or a lost link: told, and stopping nothing else."""

from pathlib import Path

import pytest

from preaudit.errors import PreauditError
from preaudit.settings import Settings
from preaudit.snapshot import current_folder, damaged_snapshots, publish, read_as_of, read_current, snapshots
from tests.console.published_fixture import DAY, NEXT_DAY, change, make_warehouse, settings_for


@pytest.fixture
def two_days(tmp_path: Path) -> Settings:
    """A home with two published days whose warehouse is that of the later one."""
    settings = settings_for(tmp_path)
    for day in (DAY, NEXT_DAY):
        settings.warehouse.unlink(missing_ok=True)
        make_warehouse(settings, day)
        publish(settings, day, {})
    return settings


@pytest.mark.parametrize("content", [None, "", "{bad", "{}", "[]", '{"schema_version": 1}'])
def test_a_damaged_snapshot_is_named_when_it_is_asked_for_and_stops_nothing_else(two_days: Settings, content: str | None) -> None:
    manifest = two_days.published / "snapshots" / f"{DAY}_v0001" / "snapshot.json"
    manifest.unlink() if content is None else manifest.write_text(content, encoding="utf-8")
    change(two_days, "update marts.rank_entities set risk = 0.9 where entity_id = 'P01'")

    with pytest.raises(PreauditError, match=rf"snapshot\.json.*{DAY}_v0001"):
        read_as_of(two_days, DAY)
    assert read_as_of(two_days, NEXT_DAY).as_of_on == NEXT_DAY
    assert [(item.as_of_on, item.version) for item in damaged_snapshots(two_days)] == [(DAY, 1)]
    assert publish(two_days, NEXT_DAY, {}).name == f"{NEXT_DAY}_v0002"
    assert [(item.as_of_on, item.version) for item in snapshots(two_days)] == [(NEXT_DAY, 1), (NEXT_DAY, 2)]


def test_a_day_whose_version_is_damaged_is_published_again_beside_it(settings: Settings) -> None:
    (publish(settings, DAY, {}) / "snapshot.json").write_text("{bad", encoding="utf-8")

    assert publish(settings, DAY, {}).name == f"{DAY}_v0002"
    assert read_current(settings).version == read_as_of(settings, DAY).version == 2


@pytest.mark.parametrize("link", ["deleted", "a file", "dangling", "to itself"])
def test_without_its_link_the_newest_intact_snapshot_is_current_and_publishing_restores_the_link(
    two_days: Settings, link: str
) -> None:
    current = two_days.published / "current"
    current.unlink()
    if link == "a file":
        current.touch()
    elif link != "deleted":
        current.symlink_to("snapshots/2020-01-01_v0001" if link == "dangling" else "current")
    two_days.warehouse.unlink()
    make_warehouse(two_days, DAY)

    assert read_current(two_days).as_of_on == NEXT_DAY
    publish(two_days, DAY, {})

    assert current.resolve() == two_days.published.resolve() / "snapshots" / f"{NEXT_DAY}_v0001"
    (current / "snapshot.json").write_text("{bad", encoding="utf-8")
    current.unlink()
    assert current_folder(two_days).name == f"{DAY}_v0001"


def test_when_every_snapshot_is_damaged_the_damage_is_told_and_not_that_nothing_is_published(settings: Settings) -> None:
    (publish(settings, DAY, {}) / "snapshot.json").write_text("{bad", encoding="utf-8")
    (settings.published / "current").unlink()

    with pytest.raises(PreauditError, match=r"snapshot\.json is damaged"):
        read_current(settings)
