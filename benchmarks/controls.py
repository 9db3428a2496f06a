"""`python -m benchmarks.controls --size S|M`: what one day of all controls costs, without the stages that do not lead there.

Belongs here: the order of those stages and the section of README.md. Does not: the stages (stages.py), measuring (measure.py).
"""

import argparse
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console

from benchmarks import machine, report
from benchmarks.run import run_stage
from benchmarks.world import DAYS, SIZES, World

STAGES = ("simulate", "ingest", "transform", "score", "publish", "one_more_day")


def main() -> None:
    """Parse the command line, run, write README.md."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.controls", description="What one day of all controls costs.")
    parser.add_argument("--size", choices=sorted(SIZES), default="S")
    options = parser.parse_args()
    facts, console = machine.facts(), Console()
    with tempfile.TemporaryDirectory(prefix="preaudit-bench-") as folder:
        world = World(*SIZES[options.size], Path(folder))
        measured = {name: run_stage(name, world, console) for name in STAGES}
    layer, day = measured["one_more_day"].facts["controls"], measured["one_more_day"]
    lines = [
        f"## One day of controls: {world.agents:,} agents, {world.processes} processes, after {DAYS} days of history",
        "",
        f"Measured on {datetime.now(UTC).date()} with `make bench-controls SIZE={options.size}`; load before the run: "
        f"{facts['Load before the run']}.",
        "",
        report.control_line(layer),
        f"- The whole daily run around it: {day.seconds:.1f} s ({day.cpu_seconds:.1f} CPU s, {day.peak_bytes / 2**30:.1f} GiB).",
        f"- Rebuilding {DAYS} days up to features and labels: {measured['transform'].facts['dbt_seconds']:.1f} s in dbt.",
    ]
    report.replace_section(f"controls {options.size}", "\n".join(lines))


if __name__ == "__main__":
    main()
