"""The files, figures and tags by which a reviewer judges a model version: written to a folder, for any registry to keep.

Belongs here: what a review consists of and how it is named. Does not: MLflow (ml/registry.py) or the pictures (ml/plots.py).
"""

import json
from dataclasses import asdict
from pathlib import Path

from ml import plots
from ml.gate import Decision
from ml.training import TrainingOutcome

OF_OTHER_SPLITS = ("recall_at_k", "average_precision", "log_loss", "observed_to_expected_at_k")


def write(outcome: TrainingOutcome, folder: Path) -> None:
    """The review as files: tables as CSV, the gate as JSON, the scored validation rows as Parquet, plots as PNG."""
    for name in ("review", "reliability", "effects"):
        getattr(outcome, name).write_csv(folder / f"{name}.csv")
    outcome.validation_rows.write_parquet(folder / "validation_rows.parquet")
    (folder / "gate.json").write_text(json.dumps(asdict(outcome.decision), indent=2) + "\n", encoding="utf-8")
    plots.draw_all(outcome, folder)


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
