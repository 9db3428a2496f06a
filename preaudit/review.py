"""What the last training of each entity kind came to, kept as files between training and publishing.

Belongs here: `<home>/review/`: the review table and the decision, which are published, and the judged rows, which stay. Does not:
training and its figures (ml/), showing them (console/).
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import polars as pl

from preaudit.settings import Settings

DECISION = "decision"
_EMPTY = {
    "entity_kind": pl.String,
    "horizon_days": pl.Int64,
    "split": pl.String,
    "competitor": pl.String,
    "metric": pl.String,
    "value": pl.Float64,
    "lower": pl.Float64,
    "upper": pl.Float64,
    "detail": pl.String,
}

_RELIABILITY = {
    "entity_kind": pl.String,
    "tenth": pl.Int64,
    "pairs": pl.Int64,
    "expected": pl.Float64,
    "observed": pl.Float64,
    "lower": pl.Float64,
    "upper": pl.Float64,
}
_MODEL_CHANCE = "p_lightgbm"
TENTHS = 10
Z = 1.96  # 95 %


def save_review(
    settings: Settings,
    entity_kind: str,
    review: pl.DataFrame,
    validation_rows: pl.DataFrame,
    decision: Mapping[str, Any],
    *,
    other_horizon: int | None = None,
) -> None:
    """Keep one training's outcome; each file is replaced whole.

    Args:
        settings: whose home folder.
        entity_kind: agent or process.
        review: long table of figures (entity_kind, split, competitor, metric, value, lower, upper, ...).
        validation_rows: judged rows with one column per competitor; grain as_of_on, entity_id, control_id.
        decision: passed, verdict, answers (question, is_yes, detail each): `dataclasses.asdict` of the gate's Decision.
        other_horizon: days, where it is not the headline horizon, whose files bear no number.
    """
    name_of = entity_kind if other_horizon is None else f"{entity_kind}-{other_horizon}d"
    folder = settings.home / "review"
    folder.mkdir(parents=True, exist_ok=True)
    for name, frame in (("review", review), ("validation", validation_rows)):
        draft = folder / f"{name_of}_{name}.draft"
        frame.write_parquet(draft)
        draft.replace(folder / f"{name_of}_{name}.parquet")
    draft = folder / f"{name_of}_{DECISION}.draft"
    draft.write_text(json.dumps({**decision, "horizon_days": other_horizon}, sort_keys=True), encoding="utf-8")
    draft.replace(folder / f"{name_of}_{DECISION}.json")


def validation_file(settings: Settings, entity_kind: str) -> Path:
    """Where the judged rows of one kind are kept; agents stand in them as pseudonyms."""
    return settings.home / "review" / f"{entity_kind}_validation.parquet"


def published_review(settings: Settings) -> pl.DataFrame:
    """The review tables of all kinds and horizons, and each decision as rows with metric 'decision' and its words in `detail`.

    A decision's `horizon_days` is null for the headline horizon. Metrics `gate_<question>` decided, `note_<question>` did not.
    """
    folder = settings.home / "review"
    parts = [pl.DataFrame(schema=_EMPTY)]
    parts += [pl.read_parquet(path) for path in sorted(folder.glob("*_review.parquet"))]
    parts += [_decision_rows(path) for path in sorted(folder.glob(f"*_{DECISION}.json"))]
    return pl.concat(parts, how="diagonal_relaxed")


def published_reliability(settings: Settings) -> pl.DataFrame:
    """Expected against observed share of failures on the judged rows, by tenths of the model's chance, per kind.

    `lower` and `upper` are the 95 % Wilson interval of `observed`; `pairs` is how many judged pairs the tenth holds.
    """
    parts = [pl.DataFrame(schema=_RELIABILITY)]
    for path in sorted((settings.home / "review").glob("*_validation.parquet")):
        kind = path.name.removesuffix("_validation.parquet")
        rows = pl.read_parquet(path)
        if kind in ("agent", "process") and _MODEL_CHANCE in rows.columns:
            parts.append(_tenths(rows.select(pl.col(_MODEL_CHANCE).alias("p"), "is_failure").drop_nulls(), kind))
    return pl.concat(parts)


def _tenths(judged: pl.DataFrame, kind: str) -> pl.DataFrame:
    n, share = pl.col("pairs"), pl.col("observed")
    half = Z * (share * (1 - share) / n + Z**2 / (4 * n**2)).sqrt() / (1 + Z**2 / n)
    centre = (share + Z**2 / (2 * n)) / (1 + Z**2 / n)
    return (
        judged.group_by(((pl.col("p").rank("ordinal") - 1) * TENTHS // pl.len()).cast(pl.Int64).alias("tenth"))
        .agg(
            pl.len().cast(pl.Int64).alias("pairs"),
            pl.col("p").mean().alias("expected"),
            pl.col("is_failure").cast(pl.Float64).mean().alias("observed"),
        )
        .sort("tenth")
        .with_columns(pl.lit(kind).alias("entity_kind"), (centre - half).alias("lower"), (centre + half).alias("upper"))
        .select(list(_RELIABILITY))
    )


def _decision_rows(path: Path) -> pl.DataFrame:
    decision = json.loads(path.read_text(encoding="utf-8"))
    rows = [(DECISION, decision["passed"], decision["verdict"])]
    rows += [
        (f"{'gate' if answer.get('decides', True) else 'note'}_{answer['question']}", answer["is_yes"], answer["detail"])
        for answer in decision.get("answers", [])
    ]
    kind, horizon = path.name.removesuffix(f"_{DECISION}.json").partition("-")[0], decision.get("horizon_days")
    return pl.DataFrame(
        [(kind, horizon, metric, float(is_yes), detail) for metric, is_yes, detail in rows],
        schema={name: _EMPTY[name] for name in ("entity_kind", "horizon_days", "metric", "value", "detail")},
        orient="row",
    )
