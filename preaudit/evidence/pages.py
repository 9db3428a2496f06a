"""The pages of a pack: one self-contained HTML file per control and an index, made to be printed; no script, no outside file.

Belongs here: which columns a page shows, under which heading, and how many rows. Does not: the figures (content.py), the wording
of sections (templates/). A page shows the first rows of a long table; the CSV and Parquet files beside it have all of them.
"""

from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import polars as pl
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from preaudit.evidence.content import ControlEvidence

MOST_ROWS = 200  # four to five printed sheets a table
WORDS = {
    "on_date": "Day",
    "is_reconciled": "Agrees",
    "population": "Judged items",
    "unjudged_items": "Not judged",
    "waived_exceptions": "Waived",
    "is_in_period": "In period",
    "is_needed": "Needed",
    "rows_delivered": "Delivered",
    "rows_accepted": "Accepted",
    "rows_repeated": "of these repeated",
    "rows_quarantined": "Quarantined",
    "rows_refused": "Refused",
    "file_sha256": "SHA-256",
    "files_sha256": "SHA-256 over the files",
    "known_to": "Known on",
    "entity_kind": "Kind",
    "item_ref": "Item",
    "entity_id": "Agent or process",
}
REFERENCES = {
    "soc2": "SOC 2",
    "iso27001": "ISO/IEC 27001:2022",
    "nist80053": "NIST SP 800-53",
    "pci": "PCI DSS 4.0.1",
    "hipaa": "HIPAA Security Rule",
}
# Tables with more columns than a sheet is wide; their files have all.
COLUMNS = {
    "reconciliation": (
        *("feed", "is_in_period", "files", "files_refused", "rows_delivered", "rows_accepted", "rows_quarantined"),
        *("rows_refused", "is_reconciled", "files_sha256"),
    ),
    "deliveries": (
        *("feed", "file", "file_sha256", "status", "refusal_reason"),
        *("rows_delivered", "rows_accepted", "rows_quarantined", "rows_refused", "known_to", "superseded_on"),
    ),
    "results": (
        *("on_date", "entity_kind", "status", "population", "unjudged_items", "exceptions", "waived_exceptions"),
        *("exception_ratio", "tolerance_ratio", "entities", "entities_failing", "status_reason"),
    ),
}
# Words of the library that the page has a place of its own for.
OWN_PLACE = frozenset({"control_id", "name", "question", "remedy", "tolerance_text", "limit_source", *REFERENCES, "ccf"})


@dataclass(frozen=True)
class Shown:
    """A table on a page: headings, the first rows, and how many there are."""

    headings: list[str]
    rows: list[list[str]]
    total: int
    file: str


def control_page(evidence: ControlEvidence, pack: dict[str, Any]) -> str:
    """The page of one control; `pack`: period, code_version, runs, invocations."""
    frames, row = evidence.frames, evidence.row
    results = frames["results"]
    tables = {name: shown(name, frame) for name, frame in frames.items() if name not in {"exceptions", "validation"}}
    tables |= {
        "exceptions": shown("exceptions", exception_items(frames["exceptions"])),
        "validation": shown("validation", _by_rule(frames["validation"])),
    }
    template = _environment().get_template("control.html")
    return template.render(
        control=row,
        references={name: row[key] for key, name in REFERENCES.items() if row[key]},
        parameters={name: _text(value) for name, value in row.items() if name not in OWN_PLACE and value is not None},
        lists=[name for name in frames if name.startswith("parameters_")],
        rule=evidence.rule,
        summary=_summary(evidence),
        days=results.group_by("status").agg(pl.col("on_date").n_unique().alias("days")).sort("status").rows(),
        shown=tables,
        exception_days=frames["exceptions"].height,
        **pack,
    )


def index_row(evidence: ControlEvidence) -> dict[str, Any]:
    """What the cover sheet says of one control."""
    return {"row": evidence.row, "summary": _summary(evidence)}


def index_page(rows: list[dict[str, Any]], pack: dict[str, Any]) -> str:
    """The cover sheet; `pack` as for a control, with built_at, parameters and the key's fingerprint."""
    return _environment().get_template("index.html").render(rows=rows, **pack)


def exception_items(exceptions: pl.DataFrame) -> pl.DataFrame:
    """Exceptions by item: first and last day in the period, number of days, last reason and evidence."""
    order = ["entity_kind", "entity_id", "item_ref"]
    by_day = exceptions.sort("tested_on", *order)
    return (
        by_day.group_by(order, maintain_order=True)
        .agg(
            pl.col("tested_on").first().alias("first_day"),
            pl.col("tested_on").last().alias("last_day"),
            pl.col("tested_on").n_unique().cast(pl.Int64).alias("days"),
            pl.col("failed_on").first(),
            pl.col("is_waived").any(),
            pl.col("reason").last(),
            pl.col("evidence").last(),
        )
        .sort("first_day", *order)
    )


def _summary(evidence: ControlEvidence) -> dict[str, Any]:
    frames = evidence.frames
    results, exceptions = frames["results"], frames["exceptions"]
    failing = results.filter(pl.col("status") == "fail")["on_date"].n_unique()
    untested = results.filter(pl.col("status") == "not_evaluable")["on_date"].n_unique()
    return {
        "days": results["on_date"].n_unique(),
        "days_failing": failing,
        "days_not_evaluable": untested,
        "judged": _by_kind(results, pl.col("population").sum()),
        "unjudged": _by_kind(results, pl.col("unjudged_items").sum()),
        "exceptions": _by_kind(exceptions, pl.col("item_ref").n_unique()),
        "waived": _by_kind(exceptions.filter("is_waived"), pl.col("item_ref").n_unique()),
        "is_counted_alike": bool(frames["population"]["is_reconciled"].all()),
        "is_complete": bool(frames["reconciliation"]["is_reconciled"].all()),
    }


def _by_kind(frame: pl.DataFrame, figure: pl.Expr) -> str:
    """'agent 120, process 120'; an item counts for both kinds where the control is tested for both."""
    kinds = frame.drop_nulls("entity_kind").group_by("entity_kind").agg(figure.alias("figure")).sort("entity_kind")
    return ", ".join(f"{kind} {count:,}" for kind, count in kinds.iter_rows()) or "0"


def _by_rule(validation: pl.DataFrame) -> pl.DataFrame:
    """Gate results added over files: what failed first."""
    return (
        validation.group_by("feed", "rule_code", "column_name", "rule_kind")
        .agg(
            pl.len().cast(pl.Int64).alias("files"),
            (~pl.col("is_success")).sum().cast(pl.Int64).alias("files_failing"),
            pl.col("checked_count").sum(),
            pl.col("failed_count").sum(),
        )
        .sort("failed_count", "feed", "rule_code", "column_name", descending=[True, False, False, False], nulls_last=True)
    )


def shown(name: str, frame: pl.DataFrame) -> Shown:
    """The first rows of a frame as a page shows them."""
    frame = frame.select(COLUMNS.get(name, frame.columns))
    headings = [WORDS.get(column, column.replace("_", " ").capitalize()) for column in frame.columns]
    rows = [[_text(value) for value in row] for row in frame.head(MOST_ROWS).iter_rows()]
    return Shown(headings, rows, frame.height, name)


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return f"{value:,.4f}".rstrip("0").rstrip(".")
    return f"{value:,}" if isinstance(value, int) else str(value)


@lru_cache(maxsize=1)
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(Path(__file__).with_name("templates")),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
