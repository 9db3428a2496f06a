"""`python -m benchmarks.training`: what reading and training one model, and scoring one day, cost at 10.4 million pairs.

Belongs here: the stages, each a process of its own, the aims and the section of README.md. Does not: the data
(training_world.py), measuring (measure.py).
"""

import argparse
import json
import tempfile
import time
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from rich.console import Console

from benchmarks import machine, report
from benchmarks.measure import Measurement, measure
from benchmarks.training_world import build, catalogue
from preaudit.settings import Settings

AGENTS, DATES, CONTROLS = 10_000, 52, 20
MOST_TRAINING_SECONDS, MOST_SCORING_SECONDS, MOST_GIB = 600.0, 20.0, 8.0
STAGES = ("build", "train", "score")


def main() -> None:
    """Parse the command line; run one stage, or all of them and write README.md."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.training", description="What training costs at 10.4 million pairs."
    )
    parser.add_argument("--agents", type=int, default=AGENTS)
    parser.add_argument("--stage", choices=STAGES, help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("answer", nargs="?", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.stage:
        options.answer.write_text(json.dumps(_stage(options.stage, options.folder, options.agents)), encoding="utf-8")
        return
    facts, console, measured = machine.facts(), Console(), {}
    with tempfile.TemporaryDirectory(prefix="preaudit-bench-") as folder:
        for stage in STAGES:
            arguments = ["-m", "benchmarks.training", "--stage", stage, "--folder", folder, "--agents", str(options.agents)]
            measured[stage] = measure(arguments, {}, Path(folder) / f"{stage}.log")
            console.print(f"{stage}: {measured[stage].seconds:.1f} s, {measured[stage].peak_bytes / 2**30:.1f} GiB")
    text = section(measured, facts, options.agents, datetime.now(UTC).date())
    if options.agents == AGENTS:
        report.replace_section("training", text)
    console.print(text)


def _stage(name: str, folder: Path, agents: int) -> dict[str, Any]:
    settings = Settings(home=folder)
    if name == "build":
        return {"rows": build(settings.warehouse, agents, DATES, CONTROLS)}
    return _train(settings, folder) if name == "train" else _score(settings, folder)


def _train(settings: Settings, folder: Path) -> dict[str, Any]:
    from ml import dataset, training
    from preaudit import warehouse

    started = time.monotonic()
    with warehouse.reading(settings) as connection:
        frame = dataset.load_training_frame(connection, "agent", 30)
    read = time.monotonic() - started
    outcome = training.train(frame, "agent", settings, horizon_days=30, catalogue=catalogue())
    assert outcome.model is not None, outcome.decision.verdict
    outcome.model.save(folder / "model")
    return {"rows": frame.height, "read_seconds": read, "verdict": outcome.decision.verdict, "features": len(catalogue())}


def _score(settings: Settings, folder: Path) -> dict[str, Any]:
    import polars as pl

    from ml import dataset, model, scoring
    from preaudit import warehouse

    with warehouse.reading(settings) as connection:
        day = connection.execute("select max(as_of_on) from marts.ftr_agent").fetchall()[0][0]
        pairs = dataset.load_scoring_frame(connection, "agent", day)
    scores = scoring.model_scores(
        pairs, model.load(folder / "model"), "1", catalogue(), listed_ratio=settings.capacity_agents_ratio
    )
    told = scores.select(pl.col("reasons").is_not_null().sum(), pl.col("levers").is_not_null().sum()).row(0)
    return {"rows": scores.height, "explained": told[0], "listed": told[1]}


def section(measured: dict[str, Measurement], facts: dict[str, str], agents: int, today: date) -> str:
    """The README section, in Markdown."""
    train, score = measured["train"], measured["score"]
    aims = (
        (
            f"read and train within {MOST_TRAINING_SECONDS / 60:.0f} minutes",
            f"{train.seconds:.0f} s",
            train.seconds <= MOST_TRAINING_SECONDS,
        ),
        (f"peak memory of training under {MOST_GIB:g} GiB", f"{_gib(train):.1f} GiB", _gib(train) <= MOST_GIB),
        (f"one day's scores within {MOST_SCORING_SECONDS:g} s", f"{score.seconds:.1f} s", score.seconds <= MOST_SCORING_SECONDS),
    )
    lines = [
        f"## Training at {agents:,} agents, {DATES} weekly dates, {CONTROLS} controls, {train.facts['features']} features",
        "",
        f"Measured on {today} with `make bench-training`; load before the run: {facts['Load before the run']}.",
        "",
        f"- The history has {measured['build'].rows:,} pairs, of which {train.rows:,} are read: all rows of some agents, who",
        "  judge, and of the others every failing row and a share of the rest, weighted (`ml/dataset.py`).",
        f"- Read in {train.facts['read_seconds']:.1f} s; read, evaluated and trained in {train.seconds:.1f} s "
        f"({train.cpu_seconds:.1f} CPU s).",
        f"- {score.rows:,} pairs of one day in {score.seconds:.1f} s ({score.cpu_seconds:.1f} CPU s), {_gib(score):.1f} GiB:",
        f"  reasons for {score.facts['explained']:,}, what would lower the chance for the {score.facts['listed']:,} of the list.",
        "",
        "| aim | here | |",
        "|---|---:|---|",
        *[f"| {aim} | {figure} | {'met' if is_met else '**not met**'} |" for aim, figure, is_met in aims],
    ]
    return "\n".join(lines)


def _gib(measured: Measurement) -> float:
    return measured.peak_bytes / 2**30


if __name__ == "__main__":
    main()
