"""The reading commands: each finds its snapshot, makes a page and emits it.

Belongs here: command names, options and their help. Does not: what is on a page (pages.py, entity.py), running (orchestration/).
"""

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from console.output import Format, FormatOption, emit
from preaudit.settings import get_settings

# polars and duckdb are loaded by the command that reads, so that `--help` does not wait for them.
if TYPE_CHECKING:
    from preaudit.snapshot_files import Snapshot

AsOfOption = Annotated[
    datetime | None, typer.Option("--as-of", formats=["%Y-%m-%d"], help="As-of date of a snapshot; the current one if left out.")
]


class Kind(StrEnum):
    """What can be ranked."""

    processes = "processes"
    agents = "agents"


def rank(
    kind: Annotated[Kind, typer.Argument(help="Which ranking.", show_default=False)],
    top: Annotated[int, typer.Option("--top", min=1, help="How many rows.")] = 10,
    as_of: AsOfOption = None,
    format_: FormatOption = Format.text,
) -> None:
    """Who is most likely to fail a control, and why."""
    from console.ranking import rank_page

    emit(rank_page(_snapshot(as_of), {"processes": "process", "agents": "agent"}[kind], top), format_)


def show(
    entity: Annotated[str, typer.Argument(help="A process id, or an agent's pseudonym (A-...).", show_default=False)],
    as_of: AsOfOption = None,
    format_: FormatOption = Format.text,
) -> None:
    """One process or agent: chance, worst controls and reasons, statuses, past failures."""
    from console.entity import entity_page

    emit(entity_page(_snapshot(as_of), entity), format_)


def quarantine(
    feed: Annotated[str | None, typer.Option("--feed", help="Only this feed.")] = None,
    rule: Annotated[str | None, typer.Option("--rule", help="Only this rule code.")] = None,
    limit: Annotated[int, typer.Option("--limit", min=0, help="How many rows.")] = 20,
    as_of: AsOfOption = None,
    format_: FormatOption = Format.text,
) -> None:
    """Rows that the gate set aside, with rule, column, file and row number."""
    from console.pages import quarantine_page

    emit(quarantine_page(_snapshot(as_of), feed, rule, limit), format_)


def controls(as_of: AsOfOption = None, format_: FormatOption = Format.text) -> None:
    """The control library with today's statuses."""
    from console.pages import controls_page

    emit(controls_page(_snapshot(as_of)), format_)


def deliveries(as_of: AsOfOption = None, format_: FormatOption = Format.text) -> None:
    """Rows delivered = accepted + quarantined, per feed."""
    from console.pages import deliveries_page

    emit(deliveries_page(_snapshot(as_of)), format_)


def list_snapshots(format_: FormatOption = Format.text) -> None:
    """Every published version."""
    from console.pages import snapshots_page
    from preaudit.snapshot import current_folder, damaged_snapshots, snapshots

    settings = get_settings()
    emit(snapshots_page(snapshots(settings), damaged_snapshots(settings), current_folder(settings).name), format_)


def _snapshot(as_of: datetime | None) -> "Snapshot":
    from preaudit.snapshot import read_as_of, read_current

    settings = get_settings()
    return read_as_of(settings, as_of.date()) if as_of else read_current(settings)
