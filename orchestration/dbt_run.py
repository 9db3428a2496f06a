"""dbt in this process: one build, its results as Dagster's.

Belongs here: starting dbt, letting go of the warehouse when it has ended. Does not: which arguments a window becomes (dbt.py).
A process of its own for each build would cost three seconds of imports and parsing every time.
"""

import os
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import dagster as dg
from dagster_dbt.asset_utils import get_updated_cli_invocation_params_for_context
from dagster_dbt.core.dbt_cli_event import DbtCoreCliEventMessage

from orchestration.dbt import PROJECT_DIR, Translator, parsing_environment

if TYPE_CHECKING:
    from dbt.contracts.graph.manifest import Manifest

RESULTS = ("LogSeedResult", "LogModelResult", "LogTestResult")


def run_dbt(context: dg.AssetExecutionContext, arguments: Sequence[str], target: Path) -> tuple[list[Any], list[str]]:
    """Run dbt on what the context selects.

    Args:
        arguments: the command and its flags, without a selection.
        target: folder for what dbt writes.

    Returns:
        Outputs and check results of what was built, and the error messages where dbt failed.
    """
    chosen = get_updated_cli_invocation_params_for_context(context, {}, Translator())
    project_dir = Path(chosen.dbt_project.project_dir) if chosen.dbt_project else PROJECT_DIR
    # Chosen single checks of a table would otherwise bring all the others along.
    os.environ["DBT_INDIRECT_SELECTION"] = chosen.indirect_selection or "eager"
    results, errors = _invoke([*arguments, *chosen.selection_args], project_dir, target)
    events = [
        event
        for result in results
        for event in DbtCoreCliEventMessage(raw_event=result, event_history_metadata={}).to_default_asset_events(
            manifest=chosen.manifest,
            dagster_dbt_translator=chosen.dagster_dbt_translator,
            context=context,
            target_path=target,
            project=chosen.dbt_project,
        )
    ]
    return events, errors


def _invoke(arguments: Sequence[str], project_dir: Path, target: Path) -> tuple[list[dict[str, Any]], list[str]]:
    """Results of the nodes, and error messages where dbt failed."""
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager
    from dbt.cli.main import dbtRunner
    from google.protobuf.json_format import MessageToDict

    results: list[dict[str, Any]] = []
    errors: list[str] = []

    def collect(message: Any) -> None:
        if message.info.name in RESULTS:
            results.append(MessageToDict(message, preserving_proto_field_name=True, always_print_fields_with_no_presence=True))
        if message.info.level == "error":
            errors.append(message.info.msg)

    folders = ["--project-dir", str(project_dir), "--profiles-dir", str(PROJECT_DIR), "--target-path", str(target)]
    try:
        done = dbtRunner(manifest=_parsed(), callbacks=[collect]).invoke([*arguments, *folders, "--log-path", str(target)])
    finally:
        # dbt keeps the file open as long as its process lives, and nobody else could open it with other settings.
        DuckDBConnectionManager.close_all_connections()  # type: ignore[no-untyped-call]
    return results, [] if done.success else errors or [str(done.exception)]


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
