"""The pipeline's side of the comparison with the hand-written script: the same features of the same controls, and nothing else.

Belongs here: which dbt nodes those are, and the one dbt build of them. Does not: the script (handwritten.py), comparing the
results (compare.py). The controls that the script does not know count as failed in this build, like one whose model is broken: it
goes on without them, and no pair has them.
"""

import json
import os
import shutil
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from benchmarks.compare import KEYS
from benchmarks.handwritten import CONTROLS
from benchmarks.world import World


@dataclass(frozen=True)
class Built:
    """What the build cost: seconds by the clock and of the processor, and seconds inside each model."""

    seconds: float
    cpu_seconds: float
    models: dict[str, float]


def nodes_of(manifest: Mapping[str, Any], controls: tuple[str, ...] = CONTROLS) -> list[str]:
    """Names of the tables, views and seeds that the feature tables stand on when only these controls exist, sorted."""
    nodes = manifest["nodes"]
    others = {name for name in nodes if name.startswith("model.preaudit.ctl_")} - {_model_of(control) for control in controls}
    found: set[str] = set()
    waiting = [f"model.preaudit.{table}" for table in KEYS]
    while waiting:
        name = waiting.pop()
        if name in found or name in others or name not in nodes:
            continue
        found.add(name)
        waiting += nodes[name]["depends_on"].get("nodes", [])
    return sorted(nodes[name]["name"] for name in found if nodes[name]["config"]["materialized"] != "ephemeral")


def build(world: World) -> Built:
    """Copy the warehouse as ingestion left it and run dbt on those nodes, tests included, for the 90 days.

    Raises:
        RuntimeError: dbt failed; the message has its first error.
    """
    from orchestration.dbt import PROJECT_DIR, build_arguments, ensure_manifest, environment, run_values
    from orchestration.dbt_run import FAILED_CONTROLS, _invoke
    from orchestration.partitions import Window
    from preaudit.settings import get_settings

    settings = get_settings()
    world.same_scope.parent.mkdir(exist_ok=True)
    shutil.copyfile(settings.warehouse, world.same_scope)
    manifest = json.loads(ensure_manifest().read_text(encoding="utf-8"))
    os.environ.update(environment(settings) | run_values(Window(world.first_day, world.last_day), settings))
    os.environ["PREAUDIT_WAREHOUSE"] = str(world.same_scope)
    os.environ[FAILED_CONTROLS] = ",".join(_other_controls(manifest))
    # A test that also reads a table which was left out is left out with it.
    os.environ["DBT_INDIRECT_SELECTION"] = "cautious"
    before, started = os.times(), time.monotonic()
    done = _invoke([*build_arguments(), "--select", *nodes_of(manifest)], PROJECT_DIR, world.same_scope.parent / "dbt")
    after, seconds = os.times(), time.monotonic() - started
    if done.errors:
        raise RuntimeError(done.errors[0])
    return Built(
        seconds,
        after.user + after.system - before.user - before.system,
        {result.node.name: result.execution_time for result in done.nodes if result.node.resource_type == "model"},
    )


def _other_controls(manifest: Mapping[str, Any]) -> list[str]:
    models = [name.removeprefix("model.preaudit.ctl_") for name in manifest["nodes"] if name.startswith("model.preaudit.ctl_")]
    return [control for name in sorted(models) if (control := name.replace("_", "-").upper()) not in CONTROLS]


def _model_of(control: str) -> str:
    return f"model.preaudit.ctl_{control.lower().replace('-', '_')}"
