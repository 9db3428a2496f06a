"""The self-test of the controls as a command and as a weekly Dagster job.

Belongs here: the dbt build of the copy, the job, its schedule, the page that is printed. Does not: planting and judging
(preaudit/selftest/).
"""

import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import dagster as dg
import typer

from console.output import Column, Format, FormatOption, Page, Table, emit
from orchestration.dbt import PROJECT_DIR, environment, run_values
from orchestration.jobs import record_failure
from orchestration.partitions import Window
from orchestration.progress import say
from preaudit.errors import PreauditError
from preaudit.selftest.runner import Outcome, SelfTest, run_selftest
from preaudit.settings import DBT_PREFIX, Settings, get_settings

MODELS = "+fct_failures"


def build_copy(copy: Settings, day: date, project: Path = PROJECT_DIR) -> None:
    """Build failures and all they need for one day, in the warehouse of the copy.

    Raises:
        PreauditError: dbt failed.
    """
    # Values of another run in this process, such as the controls it left out, are not for the copy.
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(DBT_PREFIX)}
    done = subprocess.run(
        [
            *(str(Path(sys.executable).with_name("dbt")), "--no-use-colors", "--quiet", "build", "--select", MODELS),
            # Data tests judge the data, not the controls: the daily run has them.
            *("--exclude-resource-type", "unit_test", "--exclude-resource-type", "test"),
            *("--project-dir", str(project), "--profiles-dir", str(project), "--log-level-file", "none"),
            *("--target-path", str(copy.home / "target"), "--log-path", str(copy.home / "logs")),
        ],
        env={**inherited, **environment(copy), **run_values(Window(day, day), copy)},
        cwd=copy.home,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise PreauditError(
            f"The build on the copy failed: {' '.join((done.stdout + done.stderr).split())[:1500]}",
            where=f"dbt build --select {MODELS}",
            remedy="Mend the model that is named; a model that cannot be built detects nothing either.",
        )


def selftest_command(format_: FormatOption = Format.text) -> None:
    """Plant a violation of every control in a copy of the data, and list the controls that did not notice (exit code 1)."""
    from rich.console import Console

    with Console(stderr=True).status("Planting a violation of every control in a copy, and building that ..."):
        result = run_selftest(get_settings(), build_copy)
    emit(_page(result), format_)
    if result.has_failed:
        raise typer.Exit(1)


def _page(result: SelfTest) -> Page:
    rows = [
        {"control_id": verdict.control_id, "outcome": verdict.outcome.value, "reason": verdict.reason}
        for verdict in result.verdicts
    ]
    counts = {outcome.name: sum(verdict.outcome is outcome for verdict in result.verdicts) for outcome in Outcome}
    columns = (
        Column("control", lambda row: row["control_id"], is_short=True),
        Column("violation", lambda row: row["outcome"], is_short=True),
        Column("why", lambda row: row["reason"]),
    )
    return Page(
        title=f"Self-test of the controls, violations of {result.day}",
        tables=(Table("controls", "", rows, columns),),
        facts={"day": result.day, **counts, "has_failed": result.has_failed},
        lines=(f"{counts['noticed']} of {len(rows)} controls noticed the violation planted for them.",),
        notes=_notes(result),
    )


def _notes(result: SelfTest) -> tuple[str, ...]:
    blind = [verdict.control_id for verdict in result.verdicts if verdict.outcome is Outcome.not_noticed]
    return (f"NOT noticed: {', '.join(blind)}. What they report, and that they report nothing, proves nothing.",) if blind else ()


@dg.op(name="plant_and_look", description="Plant a violation of every control in a copy and see who notices.", pool="warehouse")
def plant_and_look(context: dg.OpExecutionContext, settings: dg.ResourceParam[Settings]) -> None:
    """Fail where a control did not notice."""
    result = run_selftest(settings, build_copy)
    for verdict in result.verdicts:
        if verdict.outcome is not Outcome.noticed:
            say(context.log, f"{verdict.control_id}: {verdict.outcome.value}: {verdict.reason}")
    if result.has_failed:
        raise dg.Failure(description=" ".join(_notes(result)), allow_retries=False)


# A second try would plant the same rows and see the same.
@dg.job(
    name="controls_selftest",
    description="Find controls that stopped detecting: plant a violation of each in a copy of the data.",
    hooks={record_failure},
    tags={"dagster/max_retries": "0"},
)
def selftest_job() -> None:
    """One step."""
    plant_and_look()


@dg.schedule(job=selftest_job, cron_schedule="0 9 * * 1", execution_timezone="UTC")
def weekly_selftest(context: dg.ScheduleEvaluationContext) -> dg.RunRequest:
    """Mondays at 09:00 UTC, after the training has let go of the warehouse."""
    return dg.RunRequest(run_key=f"selftest-{context.scheduled_execution_time.date().isoformat()}")
