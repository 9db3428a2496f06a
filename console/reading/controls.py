"""The pages of all controls: by control, the matrix of processes and controls, frameworks, coverage.

Belongs here: counting and shaping published statuses. Does not: one control's page (control.py).
"""

from typing import Any

import polars as pl

from console.controls import TESTED, areas_table, control_rows
from console.coverage import COVERAGE_WORDS, REFERENCE_COLUMNS, SUMMARY_COLUMNS, coverage_summary, frameworks_table
from console.output import Table
from console.reading.tables import as_data
from console.reading.view import View
from console.words import AREA_WORDS, FRAMEWORK_WORDS, STATUSES, counted, status_words

MATRIX_ROWS = 50
MOST_REFERENCES = 500
# One sign per status: what was not judged has its own, and a pattern, so that nobody takes it for a pass.
SIGNS = {"fail": "✕", "waived": "w", "pass": "✓", "not_applicable": "·", "not_evaluable": "?", "error": "!"}


def controls_page(view: View) -> dict[str, Any]:
    """Every control with who fails it."""
    return view.memo("controls", lambda: _controls(view))


def _controls(view: View) -> dict[str, Any]:
    rows = []
    for row in control_rows(view):
        tested = {kind: sum(row[f"{kind}_{status}"] for status in TESTED) for kind in ("process", "agent")}
        rows.append(
            {
                **{key: row[key] for key in ("control_id", "name", "area", "severity", "newly_failing", "fixed", "entity_kinds")},
                "area_words": AREA_WORDS.get(row["area"], row["area"]),
                "not_evaluable_reason": row["not_evaluable_reason"],
                **{
                    f"{kind}_{what}": value
                    for kind in tested
                    for what, value in (("fail", row[f"{kind}_fail"]), ("tested", tested[kind]))
                },
                **{f"{kind}_not_evaluable": row[f"{kind}_not_evaluable"] for kind in tested},
            }
        )
    evaluated = sum(not row["not_evaluable_reason"] for row in rows)
    failing = sum(row["process_fail"] + row["agent_fail"] > 0 for row in rows)
    could = f"{evaluated} of {counted(len(rows), 'control')} could be evaluated"
    return {
        "sentence": f"{could}; {failing} of them found somebody who fails.",
        "areas": as_data(areas_table(view)),
        "controls": rows,
    }


def matrix_page(view: View, page: int) -> dict[str, Any]:
    """Processes by controls, in the order of the processes' list, `MATRIX_ROWS` a page."""
    return view.memo(("matrix", page), lambda: _matrix(view, page))


def _matrix(view: View, page: int) -> dict[str, Any]:
    controls = view.frame("controls").filter(pl.col("entity_kinds").is_in(["process", "both"])).sort("area", "control_id")
    status = view.frame("control_status").filter(pl.col("entity_kind") == "process")
    ranks = view.frame("rankings").filter(pl.col("entity_kind") == "process").select("entity_id", "entity_name", "rank")
    order = status.select("entity_id").unique().join(ranks, on="entity_id", how="left").sort("rank", "entity_id", nulls_last=True)
    pages = max(1, -(-order.height // MATRIX_ROWS))
    page = min(max(page, 1), pages)
    shown = order.slice((page - 1) * MATRIX_ROWS, MATRIX_ROWS)
    wanted = status.join(shown.select("entity_id"), on="entity_id", how="semi")
    cells = {
        (entity, control): (found, exceptions)
        for entity, control, found, exceptions in wanted.select("entity_id", "control_id", "status", "exceptions").iter_rows()
    }
    columns = controls.select("control_id", "name", "area").to_dicts()
    rows = [
        {
            "entity_id": entity_id,
            "entity_name": name,
            "cells": [_cell(*cells.get((entity_id, column["control_id"]), (None, None))) for column in columns],
        }
        for entity_id, name, _ in shown.iter_rows()
    ]
    legend = [{"status": name, "sign": SIGNS[name], "words": status_words(name)} for name in STATUSES]
    return {"columns": columns, "rows": rows, "legend": legend, "page": page, "pages": pages, "processes": order.height}


def _cell(status: str | None, exceptions: int | None) -> dict[str, Any]:
    """A pair without a row was not in scope of the control, which is no pass either."""
    if status is None:
        return {"status": "none", "sign": "", "words": "not in scope", "exceptions": None}
    words = status_words(status)
    if status == "fail" and exceptions:
        return {
            "status": status,
            "sign": f"{exceptions:,}",
            "words": f"fail: {counted(exceptions, 'exception')}",
            "exceptions": exceptions,
        }
    return {"status": status, "sign": SIGNS.get(status, "!"), "words": words, "exceptions": exceptions}


def frameworks_page(view: View, framework: str) -> dict[str, Any]:
    """References by framework and what covers them; all frameworks where none is chosen."""
    framework = framework if framework in FRAMEWORK_WORDS else ""
    return view.memo(("frameworks", framework), lambda: _frameworks(view, framework))


def _frameworks(view: View, framework: str) -> dict[str, Any]:
    found = view.frame("framework_coverage").drop("on_date")
    found = found.filter(pl.col("framework") == framework) if framework else found
    references = Table("references", "References", found.to_dicts(), REFERENCE_COLUMNS, "None.")
    return {
        "framework": framework,
        "frameworks": list(FRAMEWORK_WORDS.items()),
        "summary": as_data(frameworks_table(view, framework or None)),
        "references": as_data(references, MOST_REFERENCES),
    }


def coverage(view: View) -> dict[str, Any]:
    """Which controls could look at which processes, and why not."""
    return view.memo("coverage", lambda: _coverage(view))


def _coverage(view: View) -> dict[str, Any]:
    pairs = view.frame("control_coverage").unique(("control_id", "process_id"), keep="first", maintain_order=True)
    summary = Table("summary", "By control", coverage_summary(pairs), SUMMARY_COLUMNS, "No process in scope on this day.")
    return {"processes": pairs["process_id"].n_unique(), "words": COVERAGE_WORDS, "summary": as_data(summary)}
