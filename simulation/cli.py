"""The command `preaudit simulate`: options in, a synthetic BPO on disk, a short report.

Only the command line belongs here. `simulate_command` is a plain typer command function; the composition root mounts it.
"""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from simulation import sample
from simulation.engine import SimulationReport, simulate


def simulate_command(
    agents: Annotated[int, typer.Option(min=5, help="Headcount aimed at, over all processes.")] = sample.AGENTS,
    processes: Annotated[int, typer.Option(min=1, max=999, help="Number of processes.")] = sample.PROCESSES,
    days: Annotated[
        int, typer.Option(min=5, help="Delivered calendar days; the last three come as daily folders.")
    ] = sample.DAYS,
    seed: Annotated[int, typer.Option(help="Same options, same bytes.")] = sample.SEED,
    out: Annotated[Path, typer.Option(help="Folder for landing/, truth/ and corrections/.")] = Path("data/sample"),
    events_per_shift: Annotated[
        float, typer.Option(min=1, help="Mean log-ins and data accesses of one worked shift.")
    ] = sample.EVENTS_PER_SHIFT,
    tickets_per_shift: Annotated[
        float, typer.Option(min=0.1, help="Mean work tickets of one worked shift.")
    ] = sample.TICKETS_PER_SHIFT,
    end_on: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="Last delivered day.")] = sample.END_ON,
    dirt: Annotated[bool, typer.Option(help="Plant bad, late and repeated rows; truth/planted.parquet lists them.")] = True,
) -> None:
    """Make a synthetic BPO; without options, the sample of this repository."""
    from rich.console import Console
    from rich.progress import Progress

    console = Console()
    with Progress(console=console, transient=True) as bar:
        task = bar.add_task("days", total=None)
        report = simulate(
            agents,
            processes,
            days,
            seed,
            out,
            end_on=end_on.date(),
            events_per_shift=events_per_shift,
            tickets_per_shift=tickets_per_shift,
            with_dirt=dirt,
            progress=lambda done, total: bar.update(task, completed=done, total=total),
        )
    console.print(describe(report))


def describe(report: SimulationReport) -> str:
    """The report in words: rows by feed, planted failures and dirt, and what to do next."""
    lines = [f"{rows:>12,}  {feed}" for feed, rows in sorted(report.rows.items())]
    lines += ["", "Failures that will show in it: " + ", ".join(f"{name} {count:,}" for name, count in report.failures.items())]
    if report.planted:
        lines += ["Dirt planted on purpose: " + ", ".join(f"{kind} {count:,}" for kind, count in report.planted.items())]
    lines += ["", f"Landing folder: {report.landing}", f"Next: preaudit run --landing {report.landing}"]
    return "\n".join(lines)
