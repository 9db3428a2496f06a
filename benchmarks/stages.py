"""The stages that are measured, each one the work of one process.

Usage: `python -m benchmarks.stages <stage> <agents> <processes> <folder> <answer>`. Belongs here: calling the real code for one
stage and saying how many rows it handled. Does not: clocks and memory (measure.py).
"""

import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from benchmarks.world import DAYS, NEXT_DAY, SEED, World

HISTORY_ROWS = "select sum(rows_accepted) from ops.deliveries where delivered_on is null"


def simulate(world: World) -> dict[str, Any]:
    """Make the deliveries: clean, so that the hand-written script, which sets nothing aside, may read the same files."""
    from simulation.engine import simulate as make

    report = make(
        world.agents, world.processes, DAYS + 1, SEED, world.folder, end_on=NEXT_DAY, daily_deliveries=1, with_dirt=False
    )
    return {"rows": sum(report.rows.values())}


def ingest(world: World) -> dict[str, Any]:
    """History into raw, through the gate; 17 feeds."""
    _run(world, "ingest_canonical")
    return {"rows": _count(HISTORY_ROWS)}


def transform(world: World) -> dict[str, Any]:
    """Staging to features and labels for all 90 days, and the gate on the features."""
    steps, nodes = _run(world, "transform")
    models = {name.split(".")[2]: seconds for name, seconds in nodes.items() if name.startswith("model.")}
    return {
        "rows": _count(HISTORY_ROWS),
        "dbt_seconds": steps["dbt_transformation"],
        "model_seconds": sum(models.values()),
        "test_seconds": sum(seconds for name, seconds in nodes.items() if name.startswith("test.")),
        "models": len(models),
        "slowest": dict(sorted(models.items(), key=lambda item: -item[1])[:12]),
    }


def same_scope(world: World) -> dict[str, Any]:
    """The transformations that the hand-written script stands against, in a copy of the warehouse."""
    from benchmarks.same_scope import build

    built = build(world)
    return {
        "rows": _count(HISTORY_ROWS),
        "dbt_seconds": built.seconds,
        "dbt_cpu_seconds": built.cpu_seconds,
        "model_seconds": sum(built.models.values()),
        "models": len(built.models),
        "slowest": dict(sorted(built.models.items(), key=lambda item: -item[1])[:12]),
    }


def train(world: World) -> dict[str, Any]:
    """Both models, with their competitors, evaluation and MLflow records."""
    _run(world, "train_model")
    return {"rows": _count("select count(*) from marts.lbl_pair_outcomes where horizon_days = 30 and is_failure is not null")}


def score(world: World) -> dict[str, Any]:
    """Every pair of the last day, with reasons."""
    from orchestration.assets.risk import SCORES

    _run(world, "score_and_publish", [SCORES])
    return {"rows": _count("select count(*) from ml.scores")}


def publish(world: World) -> dict[str, Any]:
    """The ranking (a second dbt build) and the published snapshot."""
    from orchestration.assets.publication import PUBLISHED
    from orchestration.assets.transformation import ranking

    _run(world, "score_and_publish", [*ranking.keys, PUBLISHED])
    return {"rows": _count("select count(*) from marts.rank_entities")}


def one_more_day(world: World) -> dict[str, Any]:
    """The whole daily run of the day after the history, as `preaudit run --date` does it."""
    from orchestration import runner
    from orchestration.partitions import Window
    from preaudit.settings import get_settings

    runner.run_window(get_settings(), Window(NEXT_DAY, NEXT_DAY), ["canonical"])
    return {
        "rows": _count(f"select sum(rows_accepted) from ops.deliveries where delivered_on = date '{NEXT_DAY}'"),
        "controls": _control_layer(_last_run("daily_risk")),
    }


def handwritten(world: World) -> dict[str, Any]:
    """The hand-written competitor, with the same threads and memory limit."""
    from benchmarks.handwritten import compute
    from preaudit.settings import get_settings

    settings = get_settings()
    compute(world, settings.training_weekday, threads=settings.threads, memory_limit=settings.memory_limit)
    return {"rows": _count(HISTORY_ROWS)}


STAGES = {
    stage.__name__: stage for stage in (simulate, ingest, same_scope, handwritten, transform, train, score, publish, one_more_day)
}


def _run(world: World, job: str, selection: list[Any] | None = None) -> tuple[dict[str, float], dict[str, float]]:
    """Run a job of ours for the 90 days in this process, as the command line does; returns seconds by step and by dbt node."""
    from orchestration import runner
    from orchestration.partitions import FROM_DATE_TAG
    from preaudit.settings import get_settings

    partition = None if job == "train_model" else world.last_day.isoformat()
    # The runner's public functions run several jobs at once, and a stage is one job or a part of one.
    with runner.run_lock(get_settings()), runner._instance(get_settings()) as (definitions, instance):
        result = definitions.resolve_job_def(job).execute_in_process(
            instance=instance,
            partition_key=partition,
            tags={FROM_DATE_TAG: world.first_day.isoformat()} if partition else {},
            run_config={"loggers": {"progress": {}}},
            asset_selection=selection,
        )
        steps = instance.get_run_step_stats(result.run_id)
    return {step.step_key: step.end_time - step.start_time for step in steps}, _node_seconds(result.all_events)


def _last_run(job: str) -> dict[str, float]:
    """Seconds of each dbt node of the last run of a job."""
    from orchestration import runner
    from preaudit.settings import get_settings

    with runner._instance(get_settings()) as (_, instance):
        run = next(run for run in instance.get_runs() if run.job_name == job)
        return _node_seconds(entry.dagster_event for entry in instance.all_logs(run.run_id) if entry.is_dagster_event)


def _control_layer(nodes: dict[str, float]) -> dict[str, Any]:
    """Of the seconds by dbt node, those from a control's own helper models to its results, statuses and coverage."""
    from orchestration.dbt import ensure_manifest

    manifest = json.loads(ensure_manifest().read_text(encoding="utf-8"))["nodes"]
    folders = (["intermediate", "controls"], ["marts", "results"])
    layer = {
        name: seconds
        for name, seconds in nodes.items()
        if name.startswith("model.") and (manifest[name]["fqn"][1] == "controls" or manifest[name]["fqn"][1:3] in folders)
    }
    slowest = sorted(((name.split(".")[2], seconds) for name, seconds in layer.items()), key=lambda item: -item[1])
    return {
        "seconds": sum(layer.values()),
        "models": len(layer),
        "controls": sum(name.startswith("model.preaudit.ctl_") for name in layer),
        "slowest": dict(slowest[:6]),
    }


def _node_seconds(events: Iterable[Any]) -> dict[str, float]:
    """Seconds of each dbt model and test of a run, as dbt itself counted them, by unique id."""
    seconds = {}
    for event in events:
        if event.is_step_materialization:
            metadata = event.step_materialization_data.materialization.metadata
        elif event.event_type_value == "ASSET_CHECK_EVALUATION":
            metadata = event.event_specific_data.metadata
        else:
            continue
        if "Execution Duration" in metadata:
            seconds[metadata["unique_id"].value] = metadata["Execution Duration"].value
    return seconds


def _count(query: str) -> int:
    from preaudit import warehouse
    from preaudit.settings import get_settings

    with warehouse.reading(get_settings()) as con:
        (value,) = con.execute(query).fetchall()[0]
    return int(value or 0)


def main() -> None:
    """Run the stage named on the command line and write its facts."""
    stage, agents, processes, folder, answer = sys.argv[1:]
    facts = STAGES[stage](World(int(agents), int(processes), Path(folder)))
    Path(answer).write_text(json.dumps(facts), encoding="utf-8")


if __name__ == "__main__":
    main()
