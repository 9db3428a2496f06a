"""The pages of the coverage map and of the frameworks: what was looked at, what was not and why, and the gap list.

Belongs here: the published rows of both, and their short form for a terminal. Does not: results (controls.py).
"""

from typing import Any

import polars as pl

from console.output import Column, Page, Table, of
from console.pages import facts
from console.words import FRAMEWORK_WORDS, counted
from preaudit.errors import PreauditError
from preaudit.snapshot_files import Snapshot

COVERAGE_WORDS = {
    "tested": "tested",
    "nothing_to_test": "nothing today",
    "never_in_scope": "never in scope",
    "not_evaluable": "not evaluable",
}


def coverage_page(snapshot: Snapshot, control_id: str | None, process_id: str | None, *, in_full: bool) -> Page:
    """Control by process by feed; a summary by control, and all rows where they are asked for.

    Args:
        in_full: add the rows themselves.

    Raises:
        PreauditError: no row is of that control or process.
    """
    found = snapshot.frame("control_coverage").drop("on_date")
    for option, column, value in (("control", "control_id", control_id), ("process", "process_id", process_id)):
        known = sorted(found[column].unique())
        if value is not None and value not in known:
            raise PreauditError(
                f"There is no {option} '{value}' in the coverage map.",
                where=f"--{option}",
                remedy=f"Choose one of {', '.join(known) or 'none: no process is in scope on this day'}.",
            )
        found = found.filter(pl.col(column) == value) if value else found
    pairs = found.unique(("control_id", "process_id"), keep="any", maintain_order=True)
    summary = Table("summary", "By control", coverage_summary(pairs), SUMMARY_COLUMNS, "No process in scope on this day.")
    rows = Table("coverage", "By process", found.to_dicts(), COVERAGE_COLUMNS, "None.", _by_process(found))
    return Page(
        title=f"Coverage, as of {snapshot.as_of_on}",
        facts={**facts(snapshot), "processes": found["process_id"].n_unique()},
        lines=(
            f"{counted(found['process_id'].n_unique(), 'process', 'processes')}. A control for agents counts for the process they"
            " work in. None today: in scope, but nothing to test on this day. Never: nothing to test on any day so far. Narrow it"
            " with --control or --process; --format json or csv has every feed.",
        ),
        tables=(summary, rows) if in_full else (summary,),
        main="coverage",
    )


def coverage_summary(pairs: pl.DataFrame) -> list[dict[str, Any]]:
    """One row per control: how many processes have each kind of coverage, and the first reason why not.

    Args:
        pairs: grain control_id, process_id.
    """
    rows = []
    for (control_id,), mine in pairs.group_by("control_id", maintain_order=True):
        counts = dict(mine.group_by("coverage").len().iter_rows())
        reasons = mine.filter(pl.col("coverage") == "not_evaluable")["reason"].drop_nulls().unique().sort().to_list()
        row = {"control_id": control_id, **{name: counts.get(name, 0) for name in COVERAGE_WORDS}}
        rows.append(
            row | {"reason": reasons[0] + (f" (and {len(reasons) - 1} more)" if reasons[1:] else "") if reasons else None}
        )
    return rows


def _by_process(found: pl.DataFrame) -> list[dict[str, Any]]:
    """One row per control and process; of its feeds those that are not fresh."""
    rows = []
    for _, mine in found.group_by("control_id", "process_id", maintain_order=True):
        late = mine.filter(pl.col("feed_status") != "fresh").iter_rows(named=True)
        rows.append(mine.row(0, named=True) | {"feeds": ", ".join(map(_feed, late)) or f"all {mine.height} fresh"})
    return rows


def frameworks_page(snapshot: Snapshot, framework: str | None, *, in_full: bool) -> Page:
    """References by framework: which controls carry them, how many were evaluated, which are gaps.

    Args:
        framework: only this one.
        in_full: all references; otherwise only the gaps.
    """
    found = snapshot.frame("framework_coverage").drop("on_date")
    found = found.filter(pl.col("framework") == framework) if framework else found
    shown = found if in_full else found.filter(~pl.col("is_covered"))
    title = "References" if in_full else "Gaps: references that no evaluated control covers"
    return Page(
        title=f"Frameworks, as of {snapshot.as_of_on}",
        facts=facts(snapshot),
        lines=(
            "References that a control of the library carries. Covered: at least one of its controls is evaluated, even if it had"
            " nothing to test on this day (`preaudit controls`).",
        ),
        tables=(
            frameworks_table(snapshot, framework),
            Table("references", title, shown.to_dicts(), REFERENCE_COLUMNS, "None."),
        ),
        main="references",
    )


def frameworks_table(snapshot: Snapshot, framework: str | None = None) -> Table:
    """One row per framework: its references, how many are covered in full, in part or not at all, and how many fail."""
    found = snapshot.frame("framework_coverage")
    rows = []
    for name in FRAMEWORK_WORDS:
        mine = found.filter(pl.col("framework") == name)
        if mine.height and framework in (None, name):
            covered = int(mine["is_covered"].sum())
            rows.append(
                {
                    "framework": name,
                    "references": mine.height,
                    "covered": covered,
                    "covered_in_part": mine.filter(pl.col("is_covered") & pl.col("gap_reason").is_not_null()).height,
                    "gaps": mine.height - covered,
                    "with_failures": mine.filter(pl.col("controls_failing") > 0).height,
                }
            )
    return Table("frameworks", "By framework", rows, FRAMEWORK_COLUMNS, "No reference.")


def _feed(row: Any) -> str:
    return f"{row['feed']}: {row['feed_status']}" + ("" if row["is_needed"] else " (optional)")


SUMMARY_COLUMNS = (
    Column("Control", of("control_id"), is_short=True),
    Column("tested", of("tested"), is_number=True),
    Column("none today", of("nothing_to_test"), is_number=True),
    Column("never", of("never_in_scope"), is_number=True),
    Column("not evaluable, and why", lambda row: " ".join([str(row["not_evaluable"]), row["reason"] or ""]).strip()),
)
COVERAGE_COLUMNS = (
    Column("Control", of("control_id"), is_short=True),
    Column("Process", of("process_id")),
    Column("Coverage", lambda row: COVERAGE_WORDS[row["coverage"]]),
    Column("Feeds", of("feeds")),
    Column("Why", of("reason", "")),
)
FRAMEWORK_COLUMNS = (
    Column("Framework", lambda row: FRAMEWORK_WORDS[row["framework"]]),
    Column("references", of("references"), is_number=True),
    Column("covered", of("covered"), is_number=True),
    Column("in part", of("covered_in_part"), is_number=True),
    Column("gaps", of("gaps"), is_number=True),
    Column("failing", of("with_failures"), is_number=True),
)
REFERENCE_COLUMNS = (
    Column("Reference", lambda row: f"{FRAMEWORK_WORDS[row['framework']]} {row['reference_id']}"),
    Column("Controls", of("control_ids")),
    Column("evaluated", of("controls_evaluated"), is_number=True),
    Column("failing", of("controls_failing"), is_number=True),
    Column("Not evaluated, and why", of("gap_reason", "")),
)
