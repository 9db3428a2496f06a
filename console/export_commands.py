"""`preaudit export`: the published results of a day, for other tools.

Belongs here: options, file names, and what is printed. Does not: the formats (preaudit/exports/).
"""

import json
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from preaudit.settings import get_settings

if TYPE_CHECKING:
    from preaudit.snapshot_files import Snapshot

app = typer.Typer(no_args_is_help=True, help="Exports: the published results of a day as OSCAL, OCSF or CSV.")

DateOption = Annotated[
    datetime | None,
    typer.Option("--date", "--as-of", formats=["%Y-%m-%d"], help="As-of date; the latest by default.", show_default=False),
]
OutOption = Annotated[
    Path | None, typer.Option("--out", help="Folder for the files; below the home folder by default.", show_default=False)
]


@app.command("oscal")
def oscal(date: DateOption = None, out: OutOption = None) -> None:
    """Assessment results, and the plan of action and milestones for what fails (OSCAL 1.1.3, JSON)."""
    from preaudit.exports.oscal import assessment_results, plan_of_action

    snapshot = _snapshot(date)
    _write(snapshot, out, "assessment-results.json", _as_json(assessment_results(snapshot)))
    plan = plan_of_action(snapshot)
    if plan is None:
        print("Nobody fails and nothing is waived: there is no plan of action.")
    else:
        _write(snapshot, out, "plan-of-action-and-milestones.json", _as_json(plan))


@app.command("ocsf")
def ocsf(date: DateOption = None, out: OutOption = None) -> None:
    """Compliance Findings that began, go on or ended that day (OCSF 1.5.0, JSON lines)."""
    from preaudit.exports.ocsf import events, to_lines

    snapshot = _snapshot(date)
    _write(snapshot, out, "findings.ocsf.jsonl", to_lines(events(snapshot)))


@app.command("csv")
def csv(date: DateOption = None, out: OutOption = None) -> None:
    """The status of every agent, process and control that day."""
    from preaudit.exports.csv_export import results, to_csv

    snapshot = _snapshot(date)
    _write(snapshot, out, "results.csv", to_csv(results(snapshot)))


def _snapshot(date: datetime | None) -> "Snapshot":
    from preaudit.snapshot import read_as_of, read_current

    return read_as_of(get_settings(), date.date()) if date else read_current(get_settings())


def _as_json(document: dict[str, object]) -> str:
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def _write(snapshot: "Snapshot", out: Path | None, name: str, text: str) -> None:
    folder = out or get_settings().home / "exports" / snapshot.folder.name
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")
    print(folder / name)
