"""dbt in this process: one build, its results as Dagster's.

Belongs here: starting dbt, letting go of the warehouse when it has ended. Does not: which arguments a window becomes (dbt.py).
A process of its own for each build would cost three seconds of imports and parsing every time.
"""

import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import dagster as dg
from dagster_dbt.asset_utils import get_updated_cli_invocation_params_for_context
from dagster_dbt.core.dbt_cli_event import DbtCoreCliEventMessage

from orchestration.dbt import PROJECT_DIR, Translator, parsing_environment

if TYPE_CHECKING:
    from dbt.contracts.graph.manifest import Manifest

FAILED_CONTROLS = "PREAUDIT_RUN_FAILED_CONTROLS"
# When more of them fail, something common to them is broken, and a run that goes on would report on nothing.
MOST_FAILED_CONTROLS = 10
RESULTS = ("LogSeedResult", "LogModelResult", "LogTestResult")


@dataclass(frozen=True)
class Built:
    """What one build came to.

    Attributes:
        events: outputs and check results of what was built.
        errors: dbt's error messages; what stood before them is in `events`.
        failed_controls: error message by control whose model could not be built, where all the rest could be without it.
    """

    events: list[Any]
    errors: list[str]
    failed_controls: dict[str, str]


def run_dbt(context: dg.AssetExecutionContext, arguments: Sequence[str], target: Path) -> Built:
    """Run dbt on what the context selects; a control that cannot be built does not hold back the other thirty.

    Args:
        arguments: the command and its flags, without a selection.
        target: folder for what dbt writes.
    """
    chosen = get_updated_cli_invocation_params_for_context(context, {}, Translator())
    project_dir = Path(chosen.dbt_project.project_dir) if chosen.dbt_project else PROJECT_DIR
    # Chosen single checks of a table would otherwise bring all the others along.
    os.environ["DBT_INDIRECT_SELECTION"] = chosen.indirect_selection or "eager"
    os.environ.pop(FAILED_CONTROLS, None)
    done = invoke([*arguments, *chosen.selection_args], project_dir, target)
    messages, errors = done.messages, done.errors
    failed, skipped = _without_failed_controls(done)
    if failed:
        os.environ[FAILED_CONTROLS] = ",".join(failed)
        again = invoke([*arguments, "--select", *skipped], project_dir, target)
        # What was built twice counts once.
        by_node = {message["data"]["node_info"]["unique_id"]: message for message in messages + again.messages}
        messages, errors = list(by_node.values()), again.errors
    events = [
        event
        for message in messages
        for event in DbtCoreCliEventMessage(raw_event=message, event_history_metadata={}).to_default_asset_events(
            manifest=chosen.manifest,
            dagster_dbt_translator=chosen.dagster_dbt_translator,
            context=context,
            target_path=target,
            project=chosen.dbt_project,
        )
    ]
    return Built(events, errors, failed if not errors else {})


@dataclass(frozen=True)
class Invocation:
    """What dbt said: its messages of results, its errors (none where it succeeded), its result per node."""

    messages: list[dict[str, Any]]
    errors: list[str]
    nodes: list[Any]


def invoke(arguments: Sequence[str], project_dir: Path, target: Path) -> Invocation:
    """Run a dbt command on the parsed project, in this process; environment variables name the warehouse and the days."""
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager
    from dbt.cli.main import dbtRunner
    from google.protobuf.json_format import MessageToDict

    messages: list[dict[str, Any]] = []
    errors: list[str] = []

    def collect(message: Any) -> None:
        if message.info.name in RESULTS:
            messages.append(MessageToDict(message, preserving_proto_field_name=True, always_print_fields_with_no_presence=True))
        if message.info.level == "error":
            errors.append(message.info.msg)
        if message.info.level != "debug":
            sys.stdout.write(f"{message.info.msg}\n")

    # dbt's own printer makes a line of every event, six thousand in a run, and then throws nearly all away.
    quiet = ["--log-level", "none"]
    folders = ["--project-dir", str(project_dir), "--profiles-dir", str(PROJECT_DIR), "--target-path", str(target)]
    # A copy, because dbt notes in it what it has compiled and would take an earlier run's SQL of an ephemeral model for done.
    manifest = _parsed().deepcopy()  # type: ignore[no-untyped-call]
    try:
        done = dbtRunner(manifest=manifest, callbacks=[collect]).invoke([*arguments, *quiet, *folders, "--log-path", str(target)])
    finally:
        # dbt keeps the file open as long as its process lives, and nobody else could open it with other settings.
        DuckDBConnectionManager.close_all_connections()  # type: ignore[no-untyped-call]
    nodes = list(getattr(done.result, "results", []))
    failed = [f"{node.node.name}: {node.message}" for node in nodes if node.status in ("error", "fail", "runtime error")]
    return Invocation(messages, [] if done.success else failed or errors or [str(done.exception)], nodes)


def _without_failed_controls(done: Invocation) -> tuple[dict[str, str], list[str]]:
    """The controls whose models failed or were skipped, by error, and the nodes to build without them.

    Both are empty where dbt succeeded, or where something failed that is not part of single controls.
    """
    broken = [result for result in done.nodes if result.status == "error"]
    if not broken or any(result.status == "fail" for result in done.nodes):
        return {}, []
    if not all(result.node.fqn[1:3] in (["intermediate", "controls"], ["controls", result.node.name]) for result in broken):
        return {}, []
    unbuilt = {result.node.unique_id: result.node for result in done.nodes if result.status in ("error", "skipped")}
    controls = {key: node for key, node in unbuilt.items() if node.fqn[1] == "controls" and node.resource_type == "model"}
    if len(controls) > MOST_FAILED_CONTROLS:
        return {}, []
    causes = "; ".join(f"{result.node.name}: {' '.join((result.message or '').split())}" for result in broken)
    held_back = set(controls)
    for key in controls:
        held_back |= _parents(key)
    rest = [
        node.name
        for key, node in unbuilt.items()
        if key not in held_back and not (node.resource_type == "test" and held_back & set(node.depends_on_nodes))
    ]
    failed = {node.name.removeprefix("ctl_").replace("_", "-").upper(): causes for node in controls.values()}
    return failed, ["int_controls__days", *rest]


def _parents(unique_id: str) -> set[str]:
    """Everything a node is built from."""
    found: set[str] = set()
    waiting = [unique_id]
    while waiting:
        for parent in _parsed().parent_map[waiting.pop()]:
            if parent not in found:
                found.add(parent)
                waiting.append(parent)
    return found


@cache
def _parsed() -> "Manifest":
    """The parsed project: the values of a run are read when SQL is compiled, so that it serves every run of this process."""
    from dbt.cli.main import dbtRunner

    folders = ["--project-dir", str(PROJECT_DIR), "--profiles-dir", str(PROJECT_DIR)]
    with parsing_environment():
        done = dbtRunner().invoke(["--quiet", "parse", "--no-write-json", *folders])
    if not done.success:
        raise dg.Failure(f"dbt cannot parse its project. {done.exception}", allow_retries=False)
    parsed: Manifest = done.result  # type: ignore[assignment]
    return parsed
