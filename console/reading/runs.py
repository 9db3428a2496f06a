"""The published days: which snapshot is shown, who made it, which are damaged.

Belongs here: versions of snapshots and what the run said of itself. Does not: Dagster's own history (`preaudit ui`).
"""

import json
from typing import Any

from console.pages import snapshots_page
from console.reading.view import View
from preaudit.snapshot import damaged_snapshots, snapshots

MOST_DAYS = 60
FACT_WORDS = {
    "run_id": "Run",
    "started_at": "Started (UTC)",
    "from_date": "First day of the run",
    "to_date": "Last day of the run",
    "code_version": "Version of the code",
}


def runs_page(view: View) -> dict[str, Any]:
    """The shown snapshot's run, and all versions, newest first."""
    return view.memo("runs", lambda: _page(view))


def _page(view: View) -> dict[str, Any]:
    settings = view.reading.settings
    facts = {fact: json.loads(value) for fact, value in view.frame("run_facts").iter_rows()}
    page = snapshots_page(snapshots(settings), damaged_snapshots(settings), view.folder.name)
    rows = [{key: value for key, value in row.items() if key != "folder"} for row in page.tables[0].rows]
    return {
        "facts": [
            {"fact": words, "value": str(facts[name])} for name, words in FACT_WORDS.items() if facts.get(name) is not None
        ],
        "models": facts.get("models", []),
        "snapshots": rows[:MOST_DAYS],
        "total": len(rows),
        "damaged": sum(row["damage"] is not None for row in rows),
        "rows": {name: int(found["rows"]) for name, found in sorted(view.manifest["files"].items())},
    }
