"""The end-of-run report, and the comparison with an oracle where the data is simulated."""

import io
from dataclasses import asdict
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from rich.console import Console

from console.oracle import compare_with_oracle, hazards_file, oracle_sentence
from console.report import print_report
from ml.gate import NO_BETTER, PASSED, Answer, Decision
from preaudit.pseudonyms import load_pseudonyms
from preaudit.review import save_review
from preaudit.settings import Settings
from preaudit.snapshot import publish, read_current
from tests.console.published_fixture import DAY, WORKERS, make_warehouse, settings_for

JUDGED_ON = date(2025, 12, 28)


def judged_rows(model: list[float], rule: list[float], failed: list[bool]) -> pl.DataFrame:
    count = len(failed)
    return pl.DataFrame(
        {
            "as_of_on": [JUDGED_ON] * count,
            "entity_id": [f"W{index:04d}" for index in range(count)],
            "control_id": ["HR-02"] * count,
            "is_failure": failed,
            "first_failed_on": [date(2026, 1, 5) if fails else None for fails in failed],
            "severity_weight": [1.0] * count,
            "exceptions_28d": rule,
            "exceptions_90d": rule,
            "p_lightgbm": model,
            "score_rule": rule,
        }
    )


def write_hazards(settings: Settings, hazards: list[float], on_date: date) -> None:
    hazards_file(settings).parent.mkdir(parents=True)
    pl.DataFrame(
        {
            "on_date": [on_date] * len(hazards),
            "entity_kind": ["agent"] * len(hazards),
            "entity_id": [f"W{index:04d}" for index in range(len(hazards))],
            "control_id": ["HR-02"] * len(hazards),
            "hazard_30d": hazards,
        }
    ).write_parquet(hazards_file(settings))


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return settings_for(tmp_path)


def review() -> pl.DataFrame:
    figures = [
        ("lightgbm", "recall_at_k", 0.42, 0.35, 0.5),
        ("lightgbm", "precision_at_k", 0.3, 0.2, 0.4),
        ("lightgbm", "lift_over_rule", 1.4, 1.1, 1.7),
        ("lightgbm", "expected_at_k", 11.0, None, None),
        ("lightgbm", "observed_at_k", 12.0, None, None),
        ("rule", "recall_at_k", 0.3, 0.22, 0.38),
        ("rule", "precision_at_k", 0.21, None, None),
    ]
    columns = ("competitor", "metric", "value", "lower", "upper")
    size = {"rows": 400, "entities": 100, "failing_pairs": 40, "dates": 6, "capacity_ratio": 0.05}
    common = {"entity_kind": "agent", "horizon_days": 30, "split": "seen_later", **size}
    rows = [common | dict(zip(columns, figure, strict=True)) for figure in figures]
    hard = [("lightgbm", "recall_at_k", 0.2, None, None), ("rule", "recall_at_k", 0.1, None, None)]
    rest = [common | dict(zip(columns, figure, strict=True)) | {"split": "seen_later_not_foreseeable"} for figure in hard]
    return pl.DataFrame(rows + rest)


def four_agents(settings: Settings) -> pl.DataFrame:
    rows = judged_rows(model=[0.9, 0.5, 0.2, 0.1], rule=[0.0, 0.0, 3.0, 0.0], failed=[False, True, False, True])
    return rows.with_columns(load_pseudonyms(settings).agents(rows["entity_id"]).alias("entity_id"))


def test_the_three_lists_are_drawn_from_the_same_rows(settings: Settings) -> None:
    save_review(settings, "agent", review(), four_agents(settings), asdict(Decision(True, PASSED)))
    write_hazards(settings, [0.1, 0.8, 0.1, 0.7], date(2025, 12, 25))

    found = compare_with_oracle(settings, "agent", ratio=0.5)

    assert found is not None
    assert oracle_sentence(found) == (
        "agent: the list catches 1 of 2 failures; the rule 0.7; an oracle who knows the true hazard 2."
    )


def test_a_date_that_the_truth_does_not_cover_is_left_out(settings: Settings) -> None:
    save_review(settings, "agent", review(), four_agents(settings), asdict(Decision(True, PASSED)))
    write_hazards(settings, [0.1, 0.8, 0.1, 0.7], date(2025, 12, 29))

    assert compare_with_oracle(settings, "agent", ratio=0.5) is None


def test_real_data_has_no_oracle(settings: Settings) -> None:
    save_review(settings, "agent", review(), four_agents(settings), asdict(Decision(True, PASSED)))

    assert compare_with_oracle(settings, "agent", ratio=0.5) is None


@pytest.mark.parametrize("columns", [100, 60])
def test_the_report_says_what_came_in_who_is_at_risk_how_good_the_model_is_and_what_to_type(
    settings: Settings, columns: int
) -> None:
    make_warehouse(settings)
    refused = Decision(False, NO_BETTER, (Answer("beats_rule", False, "recall at k +0.12 against the rule"),))
    save_review(settings, "agent", review(), four_agents(settings), asdict(refused))
    write_hazards(settings, [0.1, 0.8, 0.1, 0.7], JUDGED_ON)
    publish(settings, DAY, {})
    printed = io.StringIO()

    print_report(settings, read_current(settings), Console(file=printed, width=columns))

    lines = printed.getvalue().splitlines()
    text = " ".join(printed.getvalue().split())
    assert max(len(line) for line in lines) <= columns
    assert "32 delivered = 23 accepted + 2 quarantined + 7 refused" in text
    assert "15 pairs of control and entity: 4 fail, 6 pass, 5 not evaluable." in text
    assert "Process management 2 of 2" in text
    assert "SOC 2 2 1 0 1 1" in text
    assert "P01 Claims" in text
    assert "Agents: no better than the rule (recall at k +0.12 against the rule)." in text
    assert "0.42 (0.35" in text
    assert "In the model's lists 11.0 failing pairs were expected and 12.0 observed." in text
    assert "Without what a countdown alone foresees: recall at k 0.20 beside the rule's 0.10." in text
    assert "Processes: no model was trained, the rule ranks." in text
    assert "the list catches 0 of 2 failures; the rule 0; an oracle who knows the true hazard 1." in text
    assert "preaudit show P01" in text
    assert not [worker for worker in WORKERS if worker in text]
