"""The files, figures and tags by which a reviewer judges a model version: written to a folder, for any registry to keep.

Belongs here: what a review consists of and how it is named. Does not: MLflow (ml/registry.py), the pictures (ml/plots.py) or the
words (ml/model_card.py).
"""

import json
from dataclasses import asdict
from pathlib import Path

from ml import model_card, plots
from ml.card_text import as_html, as_markdown
from ml.gate import Decision
from ml.slices import slice_table, stability_table
from ml.sql_digests import sql_digests
from ml.training import TrainingOutcome

OF_OTHER_SPLITS = ("recall_at_k", "average_precision", "log_loss", "observed_to_expected_at_k")


def write(outcome: TrainingOutcome, folder: Path, max_age_days: int) -> None:
    """The review as files: the model card, tables as CSV, the gate as JSON, the scored validation rows, plots as PNG.

    Args:
        outcome: of the training.
        folder: to write into.
        max_age_days: days after which a champion has expired.
    """
    ratio = float(outcome.facts.get("capacity_ratio", 0.0))
    slices, stability = slice_table(outcome.validation_rows, ratio), stability_table(outcome.validation_rows, ratio)
    tables = {"review": outcome.review, "reliability": outcome.reliability, "effects": outcome.effects, "slices": slices,
              "list_stability": stability, "study": outcome.study, "ablation": outcome.ablation}  # fmt: skip
    for name, table in tables.items():
        if table.width and (table.height or name in ("review", "reliability", "effects")):
            table.write_csv(folder / f"{name}.csv")
    outcome.validation_rows.write_parquet(folder / "validation_rows.parquet")
    _json(folder / "gate.json", asdict(outcome.decision))
    _json(folder / "sql_digests.json", sql_digests())
    plots.draw_all(outcome, folder)
    title = f"Model card: {outcome.entity_kind}, {outcome.horizon_days} days"
    card = model_card.sections(outcome, slices, stability, max_age_days)
    (folder / "model_card.md").write_text(as_markdown(title, card), encoding="utf-8")
    (folder / "model_card.html").write_text(as_html(title, card, folder), encoding="utf-8")


def metrics(outcome: TrainingOutcome) -> dict[str, float]:
    """Figures by name: `lightgbm/recall_at_k` with `.lower` and `.upper` for the headline split.

    Other splits have their name in front and only the figures of `OF_OTHER_SPLITS`, without intervals; review.csv has them all.
    """
    found: dict[str, float] = {}
    for row in outcome.review.iter_rows(named=True):
        key = f"{row['competitor']}/{row['metric']}"
        if row["split"] == "seen_later":
            ends = {key: row["value"], f"{key}.lower": row["lower"], f"{key}.upper": row["upper"]}
            found |= {name: value for name, value in ends.items() if value is not None}
        elif row["metric"] in OF_OTHER_SPLITS:
            found[f"{row['split']}/{key}"] = row["value"]
    return found


def gate_tags(decision: Decision) -> dict[str, str]:
    """`gate.passed` (true or false), `gate.verdict`, and one tag per question with yes or no and the numbers behind it."""
    answers = {f"gate.{answer.question}": f"{'yes' if answer.is_yes else 'no'}: {answer.detail}" for answer in decision.answers}
    return {"gate.passed": str(decision.passed).lower(), "gate.verdict": decision.verdict} | answers


def _json(path: Path, content: object) -> None:
    path.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
