"""The reading commands: what they answer, in three formats, and how they refuse."""

import csv
import io
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from preaudit.pseudonyms import load_pseudonyms
from preaudit.settings import Settings
from preaudit.snapshot import publish
from preaudit.warehouse import writing
from tests.console.published_fixture import DAY, WORKERS, make_warehouse, settings_for

Run = Callable[..., Any]
LISTINGS = [
    (("rank", "processes"), "ranking", 2),
    (("rank", "agents"), "ranking", 3),
    (("controls",), "controls", 3),
    (("controls", "HR-02"), "failing", 2),
    (("coverage", "--process", "P01"), "coverage", 3),
    (("frameworks", "--framework", "soc2"), "references", 2),
    (("quarantine",), "rows", 2),
    (("deliveries",), "feeds", 3),
    (("snapshots",), "snapshots", 1),
    (("show", "P01"), "statuses", 3),
]


@pytest.mark.parametrize(("command", "table", "rows"), LISTINGS)
def test_every_listing_is_the_same_rows_as_json_and_csv(
    preaudit: Run, published: Settings, command: tuple[str, ...], table: str, rows: int
) -> None:
    as_json = json.loads(preaudit(published.home, *command, "--format", "json").out)
    as_csv = list(csv.DictReader(io.StringIO(preaudit(published.home, *command, "--format", "csv").out)))

    assert len(as_json[table]) == len(as_csv) == rows
    assert list(as_json[table][0]) == list(as_csv[0])


@pytest.mark.parametrize("columns", [100, 60])
@pytest.mark.parametrize(("command", "table", "rows"), LISTINGS)
def test_every_listing_fits_the_terminal(
    preaudit: Run, published: Settings, command: tuple[str, ...], table: str, rows: int, columns: int
) -> None:
    result = preaudit(published.home, *command, columns=columns)

    assert result.code == 0
    assert max(len(line) for line in result.out.splitlines()) <= columns
    assert not [worker for worker in WORKERS if worker in result.out]


def test_a_ranking_says_chance_worst_control_and_at_most_three_reasons(preaudit: Run, published: Settings) -> None:
    out = preaudit(published.home, "rank", "processes", "--top", "1").out

    assert "P01 Claims intake  3 in 10 (0.31)  HR-02 Training done on time: 3 in 10 (0.31)" in out
    assert "- 2 trainings overdue; usual is 0" in out
    assert "third reason" in out
    assert "fourth reason" not in out
    assert "P02" not in out


@pytest.mark.parametrize("format_", ["text", "json", "csv"])
def test_a_ranking_by_the_rule_is_named_so_in_every_format(preaudit: Run, published_by_rule: Settings, format_: str) -> None:
    result = preaudit(published_by_rule.home, "rank", "agents", "--format", format_)

    said = result.err if format_ == "csv" else " ".join(result.out.split())
    assert "No better than the rule: this is the rule's ranking (exceptions in the last 28 days)" in said
    assert " in 10 (" not in result.out


def test_a_ranking_by_the_rule_does_not_rename_the_other_kind(preaudit: Run, published_by_rule: Settings) -> None:
    assert "rule" not in preaudit(published_by_rule.home, "rank", "processes").out


def test_an_agent_is_shown_by_pseudonym_with_past_failures(preaudit: Run, published: Settings) -> None:
    name = load_pseudonyms(published).agent("W0001")

    page = json.loads(preaudit(published.home, "show", name, "--format", "json").out)

    assert (page["entity_kind"], page["ranking"]["rank"], page["ranking"]["probability_any"]) == ("agent", 1, 0.62)
    assert [row["control_id"] for row in page["worst_controls"]] == ["HR-02", "OPS-04"]
    assert {row["control_id"]: row["status"] for row in page["statuses"]}["SEC-01"] == "not_evaluable"
    assert page["failures"][0]["reason"].startswith(f"Course of {name} due")


def test_an_unknown_entity_is_refused_with_a_suggestion(preaudit: Run, published: Settings) -> None:
    result = preaudit(published.home, "show", "p1")

    assert result.code == 1
    assert result.out == ""
    assert "No process or agent is called 'p1' on 2026-01-31. Did you mean P01" in result.err
    assert "Traceback" not in result.err


def test_a_worker_id_finds_nobody(preaudit: Run, published: Settings) -> None:
    result = preaudit(published.home, "show", "W0001")

    assert result.code == 1
    assert "not by worker id" in result.err


def test_deliveries_add_up(preaudit: Run, published: Settings) -> None:
    page = json.loads(preaudit(published.home, "deliveries", "--format", "json").out)

    assert page["rows_delivered"] == 32 == page["rows_accepted"] + page["rows_quarantined"] + page["rows_refused"]
    assert page["refused"][0]["refusal_reason"] == "column opened_at is missing"


def test_quarantine_can_be_narrowed_and_keeps_counting_what_it_does_not_show(preaudit: Run, published: Settings) -> None:
    everything = json.loads(preaudit(published.home, "quarantine", "--limit", "1", "--format", "json").out)
    one_feed = json.loads(preaudit(published.home, "quarantine", "--feed", "workers", "--rule", "R02", "--format", "json").out)

    assert (everything["rows_found"], len(everything["rows"]), len(everything["counts"])) == (2, 1, 2)
    assert [row["row_number"] for row in one_feed["rows"]] == [5]


def test_an_empty_csv_is_an_empty_table(preaudit: Run, published: Settings) -> None:
    result = preaudit(published.home, "quarantine", "--feed", "shifts", "--format", "csv")

    assert (result.code, result.out.strip()) == (0, "")


@pytest.mark.parametrize(("option", "known"), [("--feed", "workers"), ("--rule", "NOT_READABLE")])
def test_a_feed_or_rule_that_does_not_exist_is_refused_with_the_ones_that_do(
    preaudit: Run, published: Settings, option: str, known: str
) -> None:
    result = preaudit(published.home, "quarantine", option, "NOPE")

    assert (result.code, result.out) == (1, "")
    assert f"There is no {option[2:]} 'NOPE'." in result.err
    assert known in result.err


def test_a_refused_file_that_was_corrected_is_shown_as_replaced(preaudit: Run, tmp_path: Path) -> None:
    settings = settings_for(tmp_path)
    make_warehouse(settings)
    with writing(settings) as connection:
        connection.execute(
            "insert into ops.deliveries by name select * replace (9 as delivery_id, 'sha-corrected' as file_sha256, 'accepted' as"
            " status, 7 as rows_accepted, 0 as rows_refused) from ops.deliveries where feed = 'tickets'"
        )
    publish(settings, DAY, {})

    page = json.loads(preaudit(settings.home, "deliveries", "--format", "json").out)
    text = preaudit(settings.home, "deliveries").out

    assert "refused" not in page
    assert [(row["feed"], row["superseded_on"]) for row in page["replaced"]] == [("tickets", str(DAY))]
    assert "Refused files that a corrected file replaced since" in text
    assert "\nRefused files\n" not in text


def test_the_list_of_snapshots_shows_a_damaged_one_as_damaged_and_current_without_its_link(preaudit: Run, tmp_path: Path) -> None:
    settings = settings_for(tmp_path)
    make_warehouse(settings)
    (publish(settings, DAY, {}) / "snapshot.json").write_text("{bad", encoding="utf-8")
    publish(settings, DAY, {})
    (settings.published / "current").unlink()

    rows = json.loads(preaudit(settings.home, "snapshots", "--format", "json").out)["snapshots"]
    text = preaudit(settings.home, "snapshots").out

    assert [(row["version"], row["is_current"], row["damage"] is None) for row in rows] == [(2, True, True), (1, False, False)]
    assert f"{DAY}_v0001 is damaged: snapshot.json is damaged" in "".join(text.splitlines()).replace("  ", " ")
    assert " damaged " in text


@pytest.mark.parametrize(
    "command",
    [
        ("rank", "agents"),
        ("show", "P01"),
        ("controls",),
        ("controls", "HR-02"),
        ("coverage",),
        ("frameworks",),
        ("deliveries",),
        ("snapshots",),
    ],
)
def test_before_anything_is_published_every_command_says_what_to_run(
    preaudit: Run, tmp_path: Path, command: tuple[str, ...]
) -> None:
    result = preaudit(tmp_path / "var", *command)

    assert result.code == 1
    assert result.err.splitlines()[0] == "Error: Nothing is published yet."
    assert "preaudit run" in result.err


def test_a_date_that_was_not_published_is_refused_with_the_ones_that_were(preaudit: Run, published: Settings) -> None:
    result = preaudit(published.home, "rank", "agents", "--as-of", "2025-01-01")

    assert result.code == 1
    assert f"No snapshot for 2025-01-01. Published are {DAY}." in result.err
    assert preaudit(published.home, "rank", "agents", "--as-of", str(DAY)).code == 0


@pytest.mark.parametrize("arguments", [("rank", "people"), ("rank",), ("rank", "agents", "--as-of", "yesterday"), ("nothing",)])
def test_wrong_usage_is_exit_code_2(preaudit: Run, published: Settings, arguments: tuple[str, ...]) -> None:
    assert preaudit(published.home, *arguments).code == 2


def test_a_bad_setting_is_named_by_its_variable(preaudit: Run, published: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PREAUDIT_THREADS", "many")

    result = preaudit(published.home, "controls")

    assert result.code == 1
    assert result.err.startswith("Error: PREAUDIT_THREADS: Input should be a valid integer")
    assert "Traceback" not in result.err


def test_a_deferred_command_has_its_own_options_and_usage_errors(preaudit: Run, published: Settings) -> None:
    assert "--from" in preaudit(published.home, "run", "--help").out
    assert preaudit(published.home, "run", "--no-such-option").code == 2


def test_debug_shows_the_stack_trace(preaudit: Run, tmp_path: Path) -> None:
    from preaudit.errors import PreauditError

    with pytest.raises(PreauditError, match="Nothing is published yet"):
        preaudit(tmp_path / "var", "--debug", "controls")


def test_help_loads_no_heavy_library() -> None:
    heavy = (
        "dagster",
        "mlflow",
        "lightgbm",
        "great_expectations",
        "sklearn",
        "dbt",
        "pandas",
        "polars",
        "duckdb",
        "orchestration",
    )
    code = f"import sys, preaudit.cli; print([name for name in {heavy} if name in sys.modules])"

    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=Path(__file__).parents[2]
    )

    assert loaded.stdout.strip() == "[]"
