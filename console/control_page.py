"""The page of one control: its question and rule, who fails it today, what is new and what is fixed, what to do.

Belongs here: joining the published figures with the text of the control's page. Does not: the list of all controls (controls.py),
or the pages of docs/controls (control_docs.py).
"""

from difflib import get_close_matches
from typing import Any

import polars as pl

from console.control_texts import control_texts, limit_meanings, number_words
from console.output import Column, Page, Table, of
from console.pages import facts, why_not_evaluable
from console.words import (
    AREA_WORDS,
    CHANGE_WORDS,
    FRAMEWORK_WORDS,
    KIND_OF_ITEM_WORDS,
    STATUSES,
    TESTED_FOR_WORDS,
    kind_words,
    status_words,
)
from preaudit.errors import PreauditError
from preaudit.snapshot_files import Snapshot

FAILING = ("newly_failing", "still_failing")
CHANGES = ("fixed", "passed_again", "now_waived", "gone", "not_tested", "unknown")


def control_page(snapshot: Snapshot, control_id: str, limit: int) -> Page:
    """Everything published about one control, and its page's text.

    Args:
        control_id: in upper or lower case.
        limit: most rows of a table.

    Raises:
        PreauditError: the library has no such control; suggests the nearest.
    """
    control = _find(snapshot, control_id)
    mine = pl.col("control_id") == control["control_id"]
    changes = snapshot.frame("control_changes").filter(mine)
    names = dict(snapshot.frame("rankings").select("entity_id", "entity_name").iter_rows())
    failing = _changed(changes, FAILING, names)
    changed = _changed(changes, CHANGES, names)
    reason = why_not_evaluable(control)
    shown = {key: control[key] for key in ("control_id", "name", "area", "severity", "entity_kinds", "item_kind", "question")}
    return Page(
        title=f"{control['control_id']} {control['name']}, as of {snapshot.as_of_on}",
        facts={**facts(snapshot), **shown, "remedy": control["remedy"], "not_evaluable_reason": reason},
        lines=(control["question"], *_standing(snapshot.frame("control_status").filter(mine))),
        notes=(f"Not evaluable: {reason}.",) if reason else (),
        tables=(
            Table("failing", _title("Who fails", failing, limit), failing[:limit], _columns(), "Nobody."),
            Table("changed", _title("Failed before", changed, limit), changed[:limit], _columns(), "Nobody else."),
            Table("limits", "Limits", limits := _limits(control), _LIMIT_COLUMNS, "The rule needs no number."),
            Table("about", "About the control", _about(control, bool(limits)), _ABOUT_COLUMNS),
        ),
        main="failing",
    )


def _find(snapshot: Snapshot, control_id: str) -> dict[str, Any]:
    controls = {row["control_id"]: row for row in snapshot.frame("controls").iter_rows(named=True)}
    if control_id.upper() in controls:
        return controls[control_id.upper()]
    near = get_close_matches(control_id.upper(), sorted(controls), n=3, cutoff=0.5)
    suggestion = f"Did you mean {' or '.join(near)}?" if near else ""
    raise PreauditError(
        f"The library has no control '{control_id}'. {suggestion}".strip(),
        where=f"snapshot {snapshot.folder.name}",
        remedy="`preaudit controls` lists them.",
    )


def _standing(status: pl.DataFrame) -> list[str]:
    lines = []
    for kind in ("process", "agent"):
        counts = dict(status.filter(pl.col("entity_kind") == kind).group_by("status").len().iter_rows())
        if counts:
            found = ", ".join(f"{counts[name]:,} {status_words(name)}" for name in STATUSES if name in counts)
            lines.append(f"{kind_words(kind).capitalize()}: {found}.")
    return lines


def _changed(changes: pl.DataFrame, wanted: tuple[str, ...], names: dict[str, str]) -> list[dict[str, Any]]:
    """Processes first, then in the order of `wanted`, then whoever has most exceptions."""
    keys = ("entity_kind", "entity_id", "change", "previous_on", "reason", "exceptions", "new_exceptions", "previous_exceptions")
    found = [row for row in changes.select(keys).to_dicts() if row["change"] in wanted]
    found.sort(
        key=lambda row: (
            row["entity_kind"] != "process",
            wanted.index(row["change"]),
            -row["exceptions"],
            row["entity_id"],
        )
    )
    return [row | {"entity_name": names.get(row["entity_id"])} for row in found]


def _title(words: str, rows: list[dict[str, Any]], limit: int) -> str:
    return f"{words} ({limit} of {len(rows):,}, --limit)" if len(rows) > limit else words


def _limits(control: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {"limit": name, "value": float(control[name]), "meaning": words}
        for name, words in limit_meanings().items()
        if control.get(name) is not None
    ]


def _about(control: dict[str, Any], has_limits: bool) -> list[dict[str, Any]]:
    text = control_texts().get(control["control_id"])
    references = [f"{words} {control[name]}" for name, words in FRAMEWORK_WORDS.items() if control[name]]
    parts = {
        "Looks at": text and text.population,
        "Rule": text and text.rule,
        "Limits from" if has_limits else "Policy": control["limit_source"],
        "Tolerance": control["tolerance_text"],
        "Example": text and text.example,
        "What to do": control["remedy"],
        "Cannot see": text and text.cannot_see,
        "Needs feeds": (control["needs_feeds"] or "").replace(";", ", "),
        "References": "; ".join(references),
        "Kind": KIND_OF_ITEM_WORDS.get(control["item_kind"]),
        "Tested for": TESTED_FOR_WORDS.get(control["entity_kinds"]),
        "Area": f"{AREA_WORDS.get(control['area'], control['area'])}; severity {control['severity']}",
    }
    return [{"what": what, "text": words} for what, words in parts.items() if words]


def _columns() -> tuple[Column, ...]:
    return (
        Column("Who", lambda row: f"{row['entity_id']} {row['entity_name'] or ''}".strip()),
        Column("", lambda row: CHANGE_WORDS[row["change"]]),
        Column("now", of("exceptions"), is_number=True),
        Column("before", of("previous_exceptions"), is_number=True),
        Column("Why", of("reason")),
    )


_LIMIT_COLUMNS = (
    Column("Limit", of("limit")),
    Column("", lambda row: number_words(row["value"]), is_number=True),
    Column("What it counts", of("meaning")),
)
_ABOUT_COLUMNS = (Column("", of("what"), is_short=True), Column("", of("text")))
