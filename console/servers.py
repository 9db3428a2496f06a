"""The surfaces that other programs serve, started on this machine only: Dagster, MLflow, GX Data Docs.

Belongs here: the command lines that start them. Does not: importing any of them, or what they show.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from types import FrameType
from typing import Annotated

import typer

from preaudit.errors import PreauditError
from preaudit.settings import REPOSITORY, Settings, get_settings
from preaudit.telemetry import OFF

LOOPBACK = "127.0.0.1"


def ui(port: Annotated[int, typer.Option("--port", min=1, max=65535, help="Port on this machine.")] = 3000) -> None:
    """Dagster: runs, schedules, failed checks."""
    arguments, environment = dagster_command(get_settings(), port)
    _serve("Dagster", port, arguments, environment)


def models(
    ctx: typer.Context, port: Annotated[int, typer.Option("--port", min=1, max=65535, help="Port on this machine.")] = 5000
) -> None:
    """MLflow with every trained model, its card, figures and plots; or compare, list, approve and roll back with a command."""
    if ctx.invoked_subcommand is not None:
        return
    arguments, environment = mlflow_command(get_settings(), port)
    _serve("MLflow", port, arguments, environment)


def docs(open_: Annotated[bool, typer.Option("--open", help="Open it in the browser.")] = False) -> None:
    """Great Expectations Data Docs: what the gate checked."""
    from expectations.gate import open_docs

    settings = get_settings()
    if settings.warehouse.exists():
        open_docs(settings)
    index = data_docs_index(settings)
    typer.echo(str(index))
    if open_:
        typer.launch(str(index))


def dagster_command(settings: Settings, port: int) -> tuple[list[str], Mapping[str, str]]:
    """Arguments and environment of `dagster dev`; its home folder is made if need be."""
    settings.dagster_home.mkdir(parents=True, exist_ok=True)
    arguments = [sys.executable, "-m", "dagster", "dev", "--host", LOOPBACK, "--port", str(port)]
    return arguments, OFF | {"DAGSTER_HOME": str(settings.dagster_home.resolve())}


def mlflow_command(settings: Settings, port: int) -> tuple[list[str], Mapping[str, str]]:
    """Arguments and environment of `mlflow ui` on the registry of the home folder.

    Raises:
        PreauditError: no model was trained yet.
    """
    database = settings.mlflow_home / "mlflow.db"
    if not database.is_file():
        raise PreauditError("No model was trained yet.", where=str(database), remedy="Run `make demo` or `preaudit run` first.")
    store = f"sqlite:///{database.resolve()}"
    return [sys.executable, "-m", "mlflow", "ui", "--backend-store-uri", store, "--host", LOOPBACK, "--port", str(port)], OFF


def data_docs_index(settings: Settings) -> Path:
    """The first page of the Data Docs.

    Raises:
        PreauditError: they were not written yet.
    """
    pages = sorted(settings.data_docs.rglob("index.html"), key=lambda page: (len(page.parts), page))
    if not pages:
        raise PreauditError("No Data Docs were written yet.", where=str(settings.data_docs), remedy="Run `preaudit run` first.")
    return pages[0].resolve()


def _serve(name: str, port: int, arguments: list[str], environment: Mapping[str, str]) -> None:
    typer.echo(f"{name} on http://{LOOPBACK}:{port} (this machine only). Stop it with Ctrl-C.", err=True)
    code = run_until_stopped(arguments, environment)
    if code > 0:
        raise typer.Exit(code)


def run_until_stopped(arguments: list[str], environment: Mapping[str, str]) -> int:
    """Run a server until it ends, or until Ctrl-C or a SIGTERM ends it; returns its exit code.

    A server that starts processes of its own does not always end them with itself (MLflow's workers outlive it), so it gets a
    group of its own, and what stops this process is passed on to the whole group.
    """
    with subprocess.Popen(arguments, cwd=REPOSITORY, env=os.environ | dict(environment), start_new_session=True) as server:

        def pass_on(number: int, _: FrameType | None) -> None:
            with suppress(ProcessLookupError):
                os.killpg(server.pid, number)

        before = {number: signal.signal(number, pass_on) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            return server.wait()
        finally:
            # Whoever of the group is left when the server itself has ended.
            with suppress(ProcessLookupError):
                os.killpg(server.pid, signal.SIGTERM)
            for number, handler in before.items():
                signal.signal(number, handler)
