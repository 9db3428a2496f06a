"""`preaudit export` as a person types it."""

import json

import pytest

from console.group import run_app
from preaudit.cli import app
from preaudit.settings import get_settings
from preaudit.snapshot import publish
from preaudit.warehouse import writing
from tests.console.published_fixture import DAY


@pytest.fixture
def home(settings, monkeypatch):
    publish(settings, DAY, {"run_id": "r"})
    monkeypatch.setenv("PREAUDIT_HOME", str(settings.home))
    get_settings.cache_clear()
    yield settings.home
    get_settings.cache_clear()


def call(*arguments: str) -> int:
    """The exit code of the command."""
    try:
        return run_app(app, ["export", *arguments])
    except SystemExit as ended:
        return int(ended.code or 0)


@pytest.mark.parametrize(
    ("format_", "names"),
    [
        ("oscal", {"assessment-results.json", "plan-of-action-and-milestones.json"}),
        ("ocsf", {"findings.ocsf.jsonl"}),
        ("csv", {"results.csv"}),
    ],
)
def test_an_export_writes_its_files_and_says_where(home, capsys, format_, names):
    assert call(format_) == 0
    folder = home / "exports" / "2026-01-31_v0001"
    assert {path.name for path in folder.iterdir()} == names
    assert capsys.readouterr().out.split() == [str(folder / name) for name in sorted(names)]


def test_an_export_of_a_given_day_goes_where_it_is_told(home, tmp_path):
    assert call("oscal", "--date", str(DAY), "--out", str(tmp_path / "for-grc")) == 0
    document = json.loads((tmp_path / "for-grc" / "assessment-results.json").read_text())
    assert document["assessment-results"]["results"][0]["title"] == "Controls as of 2026-01-31"


def test_a_day_that_was_never_published_is_refused_with_those_that_were(home, capsys):
    assert call("csv", "--date", "2025-01-01") == 1
    assert "2026-01-31" in capsys.readouterr().err


def test_a_day_on_which_nobody_fails_has_no_plan_of_action(home, settings, capsys):
    with writing(settings) as connection:
        connection.execute("update marts.mart_control_status set status = 'pass' where status = 'fail'")
    publish(settings, DAY, {"run_id": "r"})
    assert call("oscal") == 0
    assert "no plan of action" in capsys.readouterr().out
    assert [path.name for path in (home / "exports" / "2026-01-31_v0002").iterdir()] == ["assessment-results.json"]
