"""The other surfaces: started with our folders, for this machine only."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from console.servers import dagster_command, data_docs_index, mlflow_command
from preaudit.errors import PreauditError
from tests.console.published_fixture import settings_for


def test_dagster_starts_on_loopback_with_the_runs_of_this_home(tmp_path: Path) -> None:
    settings = settings_for(tmp_path)

    arguments, environment = dagster_command(settings, 3001)

    assert arguments == [sys.executable, "-m", "dagster", "dev", "--host", "127.0.0.1", "--port", "3001"]
    assert environment["DAGSTER_HOME"] == str(settings.dagster_home.resolve())
    assert settings.dagster_home.is_dir()


def test_mlflow_starts_on_loopback_on_the_registry_of_this_home(tmp_path: Path) -> None:
    settings = settings_for(tmp_path)
    with pytest.raises(PreauditError, match="No model was trained yet"):
        mlflow_command(settings, 5001)
    settings.mlflow_home.mkdir(parents=True)
    (settings.mlflow_home / "mlflow.db").touch()

    arguments, _ = mlflow_command(settings, 5001)

    assert f"sqlite:///{settings.mlflow_home.resolve()}/mlflow.db" in arguments
    assert arguments[arguments.index("--host") + 1] == "127.0.0.1"


def test_the_first_page_of_the_data_docs_is_found(tmp_path: Path) -> None:
    settings = settings_for(tmp_path)
    with pytest.raises(PreauditError, match="No Data Docs were written yet"):
        data_docs_index(settings)
    for place in ("local_site/validations", "local_site"):
        (settings.data_docs / place).mkdir(parents=True, exist_ok=True)
        (settings.data_docs / place / "index.html").touch()

    assert data_docs_index(settings) == (settings.data_docs / "local_site" / "index.html").resolve()


_SERVER = """
import subprocess, sys, time
worker = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
print(worker.pid, flush=True)
time.sleep(60)
"""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_what_stops_the_command_stops_the_server_and_its_workers(number: int) -> None:
    """MLflow's workers used to live on, and to hold the port, when `preaudit models` was ended by SIGTERM."""
    program = (
        f"import sys; from console.servers import run_until_stopped; run_until_stopped([sys.executable, '-c', {_SERVER!r}], {{}})"
    )
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True) as command:
        assert command.stdout is not None
        worker = int(command.stdout.readline())
        command.send_signal(number)
        command.wait(timeout=20)
    for _ in range(100):
        if not is_running(worker):
            return
        time.sleep(0.05)
    pytest.fail("the worker is still there")


def is_running(process: int) -> bool:
    """Whether a process works; one that has ended and waits to be collected does not."""
    try:
        return Path(f"/proc/{process}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False
