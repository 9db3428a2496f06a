"""`preaudit models compare|list|approve|rollback`: what they show, and whose name an approval needs."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl

from console.model_commands import compare_page, versions_page
from console.output import as_csv
from preaudit.settings import Settings

Run = Callable[..., Any]


def figure(kind: str, horizon: int, competitor: str, metric: str, value: float, split: str = "seen_later") -> dict[str, Any]:
    return {"entity_kind": kind, "horizon_days": horizon, "split": split, "competitor": competitor, "metric": metric,
            "value": value, "lower": value - 0.05, "upper": value + 0.05, "detail": None}  # fmt: skip


def decision(kind: str, horizon: int | None, verdict: str) -> dict[str, Any]:
    """Of the headline horizon the number of days is null, as preaudit/review.py writes it."""
    return {"entity_kind": kind, "horizon_days": horizon, "metric": "decision", "value": 1.0, "detail": verdict}


REVIEW = pl.DataFrame(
    [
        figure("agent", 30, "lightgbm", "recall_at_k", 0.4),
        figure("agent", 30, "rule", "recall_at_k", 0.2),
        figure("agent", 7, "lightgbm", "recall_at_k", 0.3),
        figure("agent", 30, "lightgbm", "recall_at_k", 0.9, split="in_sample"),
        figure("process", 30, "lightgbm", "log_loss", 0.5),
        decision("agent", None, "passed the gate"),
        decision("agent", 7, "no better than the rule"),
    ],
    schema_overrides={"horizon_days": pl.Int64},
)


def test_every_competitor_has_its_row_per_kind_and_horizon_with_intervals():
    page = compare_page(REVIEW, "seen_later", 30)
    keys = [(row["entity_kind"], row["horizon_days"], row["competitor"]) for row in page.main_table.rows]
    assert keys == [("agent", 7, "lightgbm"), ("agent", 30, "lightgbm"), ("agent", 30, "rule"), ("process", 30, "lightgbm")]
    best = page.main_table.rows[1]
    assert (best["recall_at_k"], round(best["recall_at_k_lower"], 2), best["log_loss"]) == (0.4, 0.35, None)
    assert page.lines == ("agent, 7 days: no better than the rule.", "agent, 30 days: passed the gate.")


def test_what_is_in_sample_is_not_compared():
    assert 0.9 not in [row["recall_at_k"] for row in compare_page(REVIEW, "seen_later", 30).main_table.rows]


def test_versions_say_who_serves_and_who_approved():
    tags = {"gate.verdict": "passed the gate", "approved_by": "Ada", "approved_at": "2026-11-20T08:00", "approved_reason": "read"}
    found = [{"name": "preaudit-agent", "version": "2", "aliases": ["champion"], "tags": tags, "run_id": "r"}]
    table = versions_page(found).main_table
    assert as_csv(table).splitlines()[1].startswith("preaudit-agent,2,champion,passed the gate,Ada,2026-11-20T08:00,read,")
    assert table.columns[-1].text(table.rows[0]) == "by Ada on 2026-11-20: read"


def test_without_any_training_the_remedy_is_named(preaudit: Run, tmp_path: Path):
    compared = preaudit(tmp_path, "models", "compare")
    assert (compared.code, "No model was trained yet." in compared.err, "make demo" in compared.err) == (1, True, True)
    listed = preaudit(tmp_path, "models", "list", "--format", "json")
    assert json.loads(listed.out)["versions"] == []
    asked = preaudit(tmp_path, "models", "approve", "1", "--kind", "agent", "--by", "Ada", "--reason", "read")
    assert (asked.code, "No model was trained yet." in asked.err) == (1, True)


def test_an_approval_without_a_name_or_of_an_unknown_kind_is_refused(preaudit: Run, tmp_path: Path):
    assert preaudit(tmp_path, "models", "approve", "1", "--kind", "agent", "--reason", "read").code == 2
    unnamed = preaudit(tmp_path, "models", "rollback", "--kind", "agent", "--by", " ", "--reason", "odd list")
    assert "needs a name and a reason" in unnamed.err
    unknown = preaudit(tmp_path, "models", "approve", "1", "--kind", "team", "--by", "Ada", "--reason", "read")
    assert "No model is called 'team'" in unknown.err


def test_models_alone_still_opens_mlflow(preaudit: Run, tmp_path: Path, published: Settings):
    """Without a registry it says that none is there, which only the server command does."""
    alone = preaudit(tmp_path, "models")
    assert (alone.code, "No model was trained yet." in alone.err, "mlflow.db" in alone.err) == (1, True, True)
