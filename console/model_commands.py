"""`preaudit models`: the competitors compared, the versions listed, one approved or rolled back; without a command, MLflow.

Belongs here: the commands and their pages. Does not: MLflow, which only ml/registry.py knows, or figures, which training made.
"""

from enum import StrEnum
from typing import Annotated, Any

import polars as pl
import typer

from console.output import Column, Format, FormatOption, Page, Table, emit, of
from console.words import COMPETITOR_WORDS, interval_words
from preaudit.errors import PreauditError
from preaudit.settings import get_settings

METRICS = {
    "recall_at_k": "recall at k",
    "precision_at_k": "precision at k",
    "lift_over_rule": "lift over the rule",
    "average_precision": "average precision",
    "log_loss": "log-loss",
}
HEADLINE = "seen_later"
KindOption = Annotated[str, typer.Option("--kind", help="agent, process or the full name of a registered model.")]
HorizonOption = Annotated[int | None, typer.Option("--horizon", min=1, help="Days; the headline horizon if left out.")]
ByOption = Annotated[str, typer.Option("--by", help="Who decides: a person's name.")]
ReasonOption = Annotated[str, typer.Option("--reason", help="Why, in a sentence.")]


class Split(StrEnum):
    """On which rows the competitors are compared."""

    seen_later = "seen_later"
    seen_later_not_foreseeable = "seen_later_not_foreseeable"
    unseen_same_time = "unseen_same_time"
    unseen_later = "unseen_later"


def compare(
    split: Annotated[Split, typer.Option("--split", help="Which rows are judged; the first is the headline.")] = Split.seen_later,
    format_: FormatOption = Format.text,
) -> None:
    """Every competitor with 95 % intervals, per kind and horizon, as the last training of each judged them."""
    from preaudit.review import published_review

    settings = get_settings()
    emit(compare_page(published_review(settings), split.value, settings.horizon_days), format_)


def list_versions(format_: FormatOption = Format.text) -> None:
    """Every registered version: who serves, who waits for approval, what the gate said, who approved."""
    from ml import registry

    emit(versions_page(registry.versions(get_settings())), format_)


def approve(
    version: Annotated[str, typer.Argument(help="Number of the version.", show_default=False)],
    by: ByOption,
    reason: ReasonOption,
    kind: KindOption,
    horizon: HorizonOption = None,
) -> None:
    """Let a version that passed its gate score from the next run on."""
    from ml import registry

    settings = get_settings()
    name = registry.approve(_kind(kind), version, by, reason, settings, horizon_days=horizon)
    typer.echo(f"Version {version} of {name} is the champion; it scores from the next `preaudit run` on.")


def rollback(by: ByOption, reason: ReasonOption, kind: KindOption, horizon: HorizonOption = None) -> None:
    """Give the place back to the version that the champion replaced, or to the rule."""
    from ml import registry

    settings = get_settings()
    now = registry.rollback(_kind(kind), by, reason, settings, horizon_days=horizon)
    name = registry.model_name(kind, settings, horizon)
    serves = f"Version {now} of {name} is the champion again" if now else f"{name} has no champion any more: the rule ranks"
    typer.echo(f"{serves}; it shows from the next `preaudit run` on.")


def compare_page(review: pl.DataFrame, split: str, headline_days: int) -> Page:
    """One row per kind, horizon and competitor; the gate's verdicts above.

    Raises:
        PreauditError: nothing was trained yet.
    """
    if review.is_empty():
        raise PreauditError("No model was trained yet.", remedy="Run `make demo` or `preaudit train` first.")
    days = pl.col("horizon_days").fill_null(headline_days)
    review = review.with_columns(days.alias("horizon_days"))
    figures = review.filter(pl.col("split") == split)
    keys = ["entity_kind", "horizon_days", "competitor"]
    groups = figures.select(keys).unique(maintain_order=True).sort("entity_kind", "horizon_days", maintain_order=True)
    rows = [_compared(figures, kind, horizon, name) for kind, horizon, name in groups.iter_rows()]
    verdicts = review.filter(pl.col("metric") == "decision").sort("entity_kind", "horizon_days")
    lines = tuple(f"{row['entity_kind']}, {row['horizon_days']} days: {row['detail']}." for row in verdicts.iter_rows(named=True))
    columns = (
        Column("Of", of("entity_kind"), is_short=True),
        Column("Days", of("horizon_days"), is_number=True),
        Column("Ranked by", lambda row: COMPETITOR_WORDS.get(row["competitor"], str(row["competitor"]))),
        *(Column(title, _cell(metric)) for metric, title in METRICS.items()),
    )
    empty = "Nothing was judged on these rows."
    return Page("Competitors of the last training, 95 % intervals", (Table("competitors", "", rows, columns, empty),),
                {"split": split}, lines)  # fmt: skip


def versions_page(found: list[dict[str, Any]]) -> Page:
    """The versions as `registry.versions` gives them, newest first within a model."""
    rows = [
        {
            "name": one["name"], "version": one["version"], "aliases": one["aliases"], "verdict": one["tags"].get("gate.verdict"),
            "approved_by": one["tags"].get("approved_by"), "approved_at": one["tags"].get("approved_at"),
            "approved_reason": one["tags"].get("approved_reason"), "rolled_back_by": one["tags"].get("rolled_back_by"),
            "rolled_back_at": one["tags"].get("rolled_back_at"), "rolled_back_reason": one["tags"].get("rolled_back_reason"),
            "run_id": one["run_id"],
        }
        for one in found
    ]  # fmt: skip
    columns = (
        Column("Model", of("name"), is_short=True),
        Column("Version", of("version"), is_number=True),
        Column("Is", lambda row: ", ".join(row["aliases"]) or "-", is_short=True),
        Column("The gate said", of("verdict")),
        Column("Approved", _approved),
    )
    table = Table("versions", "", rows, columns, "No version is registered: no training came to a model yet.")
    return Page("Model versions", (table,), {}, ("`preaudit models` opens MLflow with the model card of each version.",))


def _kind(given: str) -> str:
    if given not in ("agent", "process") and not given.startswith("preaudit-"):
        raise PreauditError(f"No model is called {given!r}.", remedy="Use --kind agent or --kind process.")
    return given


def _compared(figures: pl.DataFrame, kind: str, horizon: int, name: str) -> dict[str, Any]:
    mine = figures.filter((pl.col("entity_kind") == kind) & (pl.col("horizon_days") == horizon) & (pl.col("competitor") == name))
    by_metric = {row["metric"]: row for row in mine.iter_rows(named=True)}
    row: dict[str, Any] = {"entity_kind": kind, "horizon_days": horizon, "competitor": name}
    for metric in METRICS:
        found = by_metric.get(metric, {})
        row |= {metric: found.get("value"), f"{metric}_lower": found.get("lower"), f"{metric}_upper": found.get("upper")}
    return row


def _cell(metric: str) -> Any:
    def text(row: Any) -> str:
        if row[metric] is None:
            return "-"
        return interval_words({"value": row[metric], "lower": row[f"{metric}_lower"], "upper": row[f"{metric}_upper"]})

    return text


def _approved(row: Any) -> str:
    if not row["approved_by"]:
        return "-"
    told = f"by {row['approved_by']} on {str(row['approved_at'])[:10]}: {row['approved_reason']}"
    if row["rolled_back_by"]:
        told += f"\nrolled back by {row['rolled_back_by']} on {str(row['rolled_back_at'])[:10]}: {row['rolled_back_reason']}"
    return told
