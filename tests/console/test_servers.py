"""The other surfaces: started with our folders, for this machine only."""

import sys
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
