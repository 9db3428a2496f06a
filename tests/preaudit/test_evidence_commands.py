"""`preaudit evidence` as a person types it, the daily asset, and the benchmark's own warehouse."""

import json

import pytest

from console.group import run_app
from preaudit.cli import app
from preaudit.evidence.chain import evidence_folder, read_chain
from preaudit.settings import get_settings
from tests.preaudit.evidence_world import make_world


@pytest.fixture
def settings(tmp_path, monkeypatch):
    made = make_world(tmp_path / "home")
    monkeypatch.setenv("PREAUDIT_HOME", str(made.home))
    get_settings.cache_clear()
    yield made
    get_settings.cache_clear()


def call(*arguments: str) -> int:
    """The exit code of the command."""
    try:
        return run_app(app, ["evidence", *arguments])
    except SystemExit as ended:
        return int(ended.code or 0)


PERIOD = ("--from", "2026-01-05", "--to", "2026-01-09")


def test_a_pack_is_built_copied_listed_and_verified(settings, tmp_path, capsys):
    copy = tmp_path / "for-the-auditor.zip"
    assert call("build", "--control", "sec-02", *PERIOD, "--out", str(copy)) == 0
    assert "Pack 1: 1 control(s), 2026-01-05 to 2026-01-09." in capsys.readouterr().out
    assert call("verify", str(copy), "--public-key", str(settings.home / "evidence.pub")) == 0
    assert "its owner signed" in capsys.readouterr().out
    assert call("list", "--format", "json") == 0
    (pack,) = json.loads(capsys.readouterr().out)["packs"]
    assert (pack["number"], pack["controls"]) == (1, ["SEC-02"])
    assert call("verify", str(evidence_folder(settings)), "--head", pack["manifest_sha256"]) == 0


def test_a_changed_pack_ends_with_exit_code_1_and_says_what(settings, tmp_path, capsys):
    copy = tmp_path / "copy.zip"
    call("build", "--control", "SEC-02", *PERIOD, "--out", str(copy))
    copy.write_bytes(copy.read_bytes().replace(b"<h1>", b"<h2>", 1))
    capsys.readouterr()
    assert call("verify", str(copy)) == 1
    assert "NOT AS SIGNED" in capsys.readouterr().out


def test_a_framework_puts_all_its_controls_into_one_pack(settings):
    assert call("build", "--framework", "hipaa", *PERIOD) == 0
    (link,) = read_chain(evidence_folder(settings))
    assert link.parameters["framework"] == "hipaa"
    assert "JML-01" in link.parameters["controls"]
    assert len(link.parameters["controls"]) > 3


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (PERIOD, "Which controls?"),
        (("--control", "NO-99", *PERIOD), "no control NO-99"),
        (("--framework", "cobit", *PERIOD), "no framework cobit"),
        (("--control", "SEC-02", "--from", "2026-01-09", "--to", "2026-01-05"), "ends before it starts"),
        (("--control", "SEC-02", "--from", "2025-01-05", "--to", "2025-01-09"), "No day was tested: 2025-01-05 to 2025-01-09"),
    ],
)
def test_a_question_that_cannot_be_answered_says_why_and_leaves_no_pack(settings, capsys, arguments, message):
    assert call("build", *arguments) == 1
    assert message in capsys.readouterr().err
    assert read_chain(evidence_folder(settings)) == []


def test_a_copy_that_cannot_be_written_leaves_no_pack(settings, tmp_path, capsys):
    (tmp_path / "file").touch()
    assert call("build", "--control", "SEC-02", *PERIOD, "--out", str(tmp_path / "file" / "x")) == 1
    assert "Not a directory" in capsys.readouterr().err
    assert read_chain(evidence_folder(settings)) == []


def test_a_folder_for_the_copy_is_made(settings, tmp_path):
    assert call("build", "--control", "SEC-02", *PERIOD, "--out", str(tmp_path / "new" / "folder")) == 0
    assert [path.suffix for path in (tmp_path / "new" / "folder").iterdir()] == [".zip"]


@pytest.mark.slow
def test_the_daily_asset_packs_the_controls_that_failed_that_day_and_nothing_else(settings):
    import dagster as dg

    from orchestration.assets.evidence import daily_evidence

    for day in ("2026-01-05", "2026-01-06"):
        assert dg.materialize([daily_evidence], partition_key=day, resources={"settings": settings}).success
    (link,) = read_chain(evidence_folder(settings))
    assert (link.parameters["controls"], link.parameters["from"], link.parameters["to"]) == (
        ["SEC-02"],
        "2026-01-05",
        "2026-01-05",
    )


def test_the_benchmark_builds_and_verifies_what_it_says(tmp_path):
    from benchmarks.evidence import measure_evidence

    cost = measure_evidence(agents=100, processes=3, days=31, folder=tmp_path)
    assert cost.items == 100 * 31 * 2
    assert 0 < cost.exceptions < cost.items / 10
    assert cost.pack_bytes > 10_000
