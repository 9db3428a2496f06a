"""`python -m benchmarks.run --size S|M`: makes a company, runs every stage in a process of its own, writes the figures down.

Belongs here: the command line and the order of the stages. Does not: what a stage is (stages.py), how it is measured
(measure.py).
"""

import argparse
import shutil
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console

from benchmarks import machine, report
from benchmarks.compare import compare
from benchmarks.measure import Measurement, measure
from benchmarks.world import SIZES, World

# The competitor runs right after the transformations it stands against, so that both find the machine in the same state.
BEFORE_COMPARISON = ("simulate", "ingest", "same_scope", "handwritten")
AFTER_COMPARISON = ("transform", "train", "score", "publish", "one_more_day")


def benchmark(size: str, world: World, console: Console) -> report.Outcome:
    """Run all stages on one company.

    Raises:
        RuntimeError: a stage failed.
    """
    facts = machine.facts()
    stages = {name: run_stage(name, world, console) for name in BEFORE_COMPARISON}
    comparison = compare(world.same_scope, world.handwritten)
    world.same_scope.unlink()
    stages |= {name: run_stage(name, world, console) for name in AFTER_COMPARISON}
    return report.Outcome(size, world, facts, {name: stages[name] for name in report.TITLES}, comparison)


def run_stage(name: str, world: World, console: Console) -> Measurement:
    """Run one stage in a process of its own, and print what it cost."""
    with console.status(report.TITLES[name]):
        arguments = ["-m", "benchmarks.stages", name, str(world.agents), str(world.processes), str(world.folder)]
        measured = measure(arguments, world.environment, world.folder / f"{name}.log")
    figures = f"{measured.seconds:8.1f} s {measured.cpu_seconds:8.1f} CPU s {measured.peak_bytes / 2**30:6.2f} GiB"
    console.print(f"{figures} {measured.rows:>12,} rows  {report.TITLES[name]}", highlight=False, soft_wrap=True)
    return measured


def main() -> None:
    """Parse the command line, run, print, write README.md, clean up."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.run", description="Measure speed and memory; write benchmarks/README.md."
    )
    parser.add_argument(
        "--size", choices=sorted(SIZES), default="S", help="S: 1,000 agents, two minutes; M: 10,000 agents, a quarter of an hour."
    )
    parser.add_argument("--work", type=Path, help="Folder for the data (M: some 10 GB); a temporary one if left out.")
    parser.add_argument("--keep", action="store_true", help="Keep the data and the logs of the stages.")
    options = parser.parse_args()
    console = Console()
    if options.work:
        options.work.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="preaudit-bench-", dir=options.work))
    try:
        outcome = benchmark(options.size, World(*SIZES[options.size], folder), console)
    finally:
        if options.keep:
            console.print(f"The data and the logs are in {folder}")
        else:
            shutil.rmtree(folder, ignore_errors=True)
    report.write(outcome, datetime.now(UTC).date())
    console.print(report.table(outcome))
    for aim, figure, is_met in outcome.aims():
        console.print(f"{'met    ' if is_met else 'not met'}  {aim}: {figure}")
    for line in report.comparison_lines(outcome):
        console.print(line)
    console.print("Written to benchmarks/README.md")


if __name__ == "__main__":
    main()
