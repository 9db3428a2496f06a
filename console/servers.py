"""The surfaces that other programs serve, started on this machine only: Dagster, MLflow, GX Data Docs.

Belongs here: the command lines that start them. Does not: importing any of them, or what they show.
"""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
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


def models(port: Annotated[int, typer.Option("--port", min=1, max=65535, help="Port on this machine.")] = 5000) -> None:
    """MLflow: every trained model, its figures and plots."""
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
    with subprocess.Popen(arguments, cwd=REPOSITORY, env=os.environ | dict(environment)) as server:
        try:
            code = server.wait()
        except KeyboardInterrupt:
            # The terminal sends Ctrl-C to the server too; it is given the time to stop in order.
            code = server.wait()
    if code > 0:
        raise typer.Exit(code)
