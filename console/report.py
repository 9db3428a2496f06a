"""What a run prints when it is done: rows, control results, the two rankings, the model beside the rule, where to go next.

Belongs here: the order and the headings of the report. Does not: the pages themselves (pages.py), running (orchestration/).
"""

import os
import shlex
import sys
from pathlib import Path

import polars as pl
from rich.console import Console, Group, RenderableType
from rich.rule import Rule as Line
from rich.text import Text

from console.controls import controls_page
from console.coverage import frameworks_table
from console.oracle import compare_with_oracle, hazards_file, oracle_sentence
from console.output import Column, Table, as_text, of, table_text
from console.pages import deliveries_page
from console.ranking import is_headline, rank_page
from console.words import COMPETITOR_WORDS, STATUSES, counted, interval_words, kind_words, number, status_words
from preaudit.settings import Settings
from preaudit.snapshot import read_current
from preaudit.snapshot_files import Snapshot

TOP = 10
HEADLINE_SPLIT = "seen_later"
UNFORESEEABLE_SPLIT = "seen_later_not_foreseeable"


def print_report(settings: Settings, snapshot: Snapshot | None = None, console: Console | None = None) -> None:
    """Print the report of one published snapshot; every figure is of its as-of date.

    Args:
        settings: for folders and list lengths.
        snapshot: the one to report; the current one by default.
        console: where to; the terminal by default.
    """
    target = console or Console()
    snapshot = snapshot or read_current(settings)
    for heading, body in (
        ("Rows", as_text(deliveries_page(snapshot))),
        ("Control results", _control_results(snapshot)),
        ("Processes", as_text(rank_page(snapshot, "process", TOP))),
        ("Agents", as_text(rank_page(snapshot, "agent", TOP))),
        ("The model beside the rule", _model_and_rule(settings, snapshot)),
        ("Where the results are", _places(settings, snapshot)),
    ):
        target.print(Text(""))
        target.print(Line(heading, align="left", style="dim"))
        target.print(body)


def _control_results(snapshot: Snapshot) -> RenderableType:
    status = snapshot.frame("control_status")
    counts = dict(status.group_by("status").len().iter_rows())
    summary = ", ".join(f"{counts[name]:,} {status_words(name)}" for name in STATUSES if name in counts)
    page = controls_page(snapshot)
    return Group(
        Text(f"As of {snapshot.as_of_on}, {status.height:,} pairs of control and entity: {summary}."),
        *(Text(line) for line in page.lines),
        *(part for table in (*page.tables, frameworks_table(snapshot)) for part in (Text(""), table_text(table))),
        Text(""),
        Text("`preaudit controls <ID>` says who fails a control and what to do; `preaudit frameworks` lists the gaps."),
    )


def _model_and_rule(settings: Settings, snapshot: Snapshot) -> RenderableType:
    review = snapshot.frame("model_review")
    parts: list[RenderableType] = []
    for kind in ("process", "agent"):
        mine = review.filter(is_headline(snapshot, kind))
        parts.append(Text(f"{kind_words(kind).capitalize()}: {decision_words(mine)}", style="bold"))
        table = review_table(mine)
        if table.rows:
            parts += [Text(_judged_on(mine)), table_text(table), *(Text(line) for line in _beside_the_table(mine)), Text("")]
    if hazards_file(settings).is_file():
        ratios = {"process": settings.capacity_processes_ratio, "agent": settings.capacity_agents_ratio}
        found = [compare_with_oracle(settings, kind, ratio) for kind, ratio in ratios.items()]
        sentences = [oracle_sentence(comparison) for comparison in found if comparison is not None]
        if sentences:
            parts.append(Text("Simulated data, so the truth is known. On the same judged rows:", style="bold"))
            parts += [Text(f"- {sentence}") for sentence in sentences]
    return Group(*parts)


def decision_words(review: pl.DataFrame) -> str:
    """The gate's verdict on one kind, with what it was decided on."""
    words = dict(review.filter(pl.col("detail").is_not_null()).select("metric", "detail").iter_rows())
    if "decision" not in words:
        return "no model was trained, the rule ranks."
    refused = review.filter(pl.col("metric").str.starts_with("gate_") & (pl.col("value") == 0))["detail"].to_list()
    verdict = words["decision"]
    more = "; ".join(detail for detail in refused if detail not in verdict)
    return f"{verdict}{f' ({more})' if more else ''}."


def review_table(review: pl.DataFrame) -> Table:
    """Competitors by figures of the headline split (seen entities, later in time), with 95 % intervals."""
    headline = review.filter(pl.col("split") == HEADLINE_SPLIT)
    figures = {(row["competitor"], row["metric"]): row for row in headline.iter_rows(named=True)}
    metrics = ("recall_at_k", "precision_at_k", "lift_over_rule", "recall_at_k_minus_rule")
    rows = [
        {"competitor": name} | {metric: interval_words(figures.get((name, metric))) for metric in metrics}
        for name in COMPETITOR_WORDS
        if (name, "recall_at_k") in figures
    ]
    columns = (
        Column("Ranked by", lambda row: COMPETITOR_WORDS[row["competitor"]]),
        Column("recall at k", of("recall_at_k")),
        Column("precision at k", of("precision_at_k")),
        Column("lift over rule", of("lift_over_rule")),
    )
    return Table("review", "", rows, columns)


def _judged_on(review: pl.DataFrame) -> str:
    row = review.filter((pl.col("split") == HEADLINE_SPLIT) & (pl.col("metric") == "recall_at_k")).row(0, named=True)
    return (
        f"k = {row['capacity_ratio']:.0%} of {row['entities']:,} on {counted(row['dates'], 'as-of date')},"
        f" {counted(row['failing_pairs'], 'failing pair')}; judged on dates after training, 95 % intervals."
    )


def _beside_the_table(review: pl.DataFrame) -> list[str]:
    """Whether the list's promise was kept, and what is left without the failures that arithmetic foresees."""
    figures = {
        (row["split"], row["competitor"], row["metric"]): row["value"]
        for row in review.filter(pl.col("split").is_not_null()).iter_rows(named=True)
    }
    lines = []
    expected, observed = (figures.get((HEADLINE_SPLIT, "lightgbm", metric)) for metric in ("expected_at_k", "observed_at_k"))
    if expected is not None and observed is not None:
        lines.append(f"In the model's lists {expected:.1f} failing pairs were expected and {observed:.1f} observed.")
    model, rule = (figures.get((UNFORESEEABLE_SPLIT, name, "recall_at_k")) for name in ("lightgbm", "rule"))
    if model is not None and rule is not None:
        lines.append(f"Without what a countdown alone foresees: recall at k {number(model)} beside the rule's {number(rule)}.")
    return lines


def _first(settings: Settings) -> list[Text]:
    """What has to be typed before any command: nothing where the environment is active and home is the default."""
    installed = Path(sys.executable).with_name("activate")
    lines = []
    if os.environ.get("VIRTUAL_ENV") != sys.prefix and installed.exists():
        lines.append(Text(f"source {_path(installed)}", overflow="fold"))
    if settings.home != Settings.model_fields["home"].default:
        lines.append(Text(f"export PREAUDIT_HOME={_path(settings.home)}", overflow="fold"))
    return lines


def _places(settings: Settings, snapshot: Snapshot) -> RenderableType:
    first = snapshot.frame("rankings").filter(pl.col("entity_kind") == "process").sort("rank").head(1)["entity_id"].to_list()
    example = first[0] if first else "<entity>"
    folders = {
        f"Snapshot {snapshot.as_of_on}, version {snapshot.version}": snapshot.folder,
        "Warehouse (one writer)": settings.warehouse,
        "Models": settings.mlflow_home,
        "Data Docs": settings.data_docs,
    }
    places = [{"what": what, "where": _path(folder)} for what, folder in folders.items()]
    following = [
        {"what": f"preaudit show {shlex.quote(example)}", "where": "one process: why, control statuses, past failures"},
        {"what": "preaudit rank agents --top 30", "where": "a longer list; --format json or csv for programs"},
        {
            "what": "preaudit console",
            "where": "the ranking in the browser; the first start prints a link",
        },
        {"what": "preaudit monitoring", "where": "past lists beside the rule, and drift"},
        {"what": "preaudit quarantine", "where": "the rows that were set aside, and why"},
        {"what": "preaudit ui", "where": "Dagster: runs, checks, schedule"},
        {"what": "preaudit models", "where": "MLflow: every figure of the models"},
        {"what": "preaudit docs", "where": "what the gate checked"},
    ]
    columns = (Column("", of("what"), is_short=True), Column("", of("where")))
    return Group(
        table_text(Table("places", "", places, columns)),
        Text("\nWhat to type next", style="bold"),
        *_first(settings),
        table_text(Table("next", "", following, columns)),
    )


def _path(path: Path) -> str:
    """As short as it can be typed from here."""
    absolute, here = path.resolve(), Path.cwd()
    return str(absolute.relative_to(here) if absolute.is_relative_to(here) else absolute)
