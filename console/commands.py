"""The reading commands: each finds its snapshot, makes a page and emits it.

Belongs here: command names, options and their help. Does not: what is on a page (pages.py, entity.py, controls.py ...), running
(orchestration/).
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


class Framework(StrEnum):
    """Frameworks whose references the controls carry."""

    soc2 = "soc2"
    iso27001 = "iso27001"
    nist80053 = "nist80053"
    pci = "pci"
    hipaa = "hipaa"


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


def controls(ctx: typer.Context, as_of: AsOfOption = None, format_: FormatOption = Format.text) -> None:
    """The control library with today's results by area, or with an ID one control: who fails it, its rule, what to do."""
    if ctx.invoked_subcommand is not None:
        # Options may stand before the ID as well as after it.
        ctx.default_map = {ctx.invoked_subcommand: {"as_of": as_of, "format_": format_.value}}
        return
    from console.controls import controls_page

    emit(controls_page(_snapshot(as_of)), format_)


def control(
    control_id: Annotated[str, typer.Argument(metavar="ID", help="Id of a control.", show_default=False)],
    limit: Annotated[int, typer.Option("--limit", min=0, help="How many rows of each list.")] = 20,
    as_of: AsOfOption = None,
    format_: FormatOption = Format.text,
) -> None:
    """One control: its question, who fails it, what is new and fixed, limits, rule, what to do."""
    from console.control_page import control_page

    emit(control_page(_snapshot(as_of), control_id, limit), format_)


def coverage(
    control: Annotated[str | None, typer.Option("--control", help="Only this control.")] = None,
    process: Annotated[str | None, typer.Option("--process", help="Only this process.")] = None,
    as_of: AsOfOption = None,
    format_: FormatOption = Format.text,
) -> None:
    """What the controls looked at: per control, process and feed tested, not evaluable and why, or never in scope."""
    from console.coverage import coverage_page

    in_full = format_ is not Format.text or bool(control or process)
    emit(coverage_page(_snapshot(as_of), control, process, in_full=in_full), format_)


def frameworks(
    framework: Annotated[Framework | None, typer.Option("--framework", help="Only this framework, with every reference.")] = None,
    as_of: AsOfOption = None,
    format_: FormatOption = Format.text,
) -> None:
    """Which references of SOC 2, ISO 27001, NIST 800-53, PCI DSS and HIPAA evaluated controls cover, and the gaps."""
    from console.coverage import frameworks_page

    in_full = format_ is not Format.text or framework is not None
    emit(frameworks_page(_snapshot(as_of), framework.value if framework else None, in_full=in_full), format_)


def monitoring(
    limit: Annotated[int, typer.Option("--limit", min=0, help="How many lists and inputs.")] = 12,
    as_of: AsOfOption = None,
    format_: FormatOption = Format.text,
) -> None:
    """What came of past lists beside the rule's, and whether the model still sees what it was trained on."""
    from console.monitoring import monitoring_page

    emit(monitoring_page(_snapshot(as_of), limit), format_)


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
