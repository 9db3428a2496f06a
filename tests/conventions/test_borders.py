"""The borders between folders hold."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FOLDERS = ("preaudit", "orchestration", "ml", "expectations", "console", "simulation")


def modules(*folders: str) -> list[Path]:
    return sorted(path for folder in folders or FOLDERS for path in (ROOT / folder).rglob("*.py"))


def imported(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module}
    return names


def importers_of(package: str) -> set[str]:
    return {
        str(path.relative_to(ROOT))
        for path in modules()
        if any(name == package or name.startswith(f"{package}.") for name in imported(path))
    }


def test_only_orchestration_imports_dagster():
    assert importers_of("dagster") | importers_of("dagster_dbt")
    assert all(name.startswith("orchestration/") for name in importers_of("dagster") | importers_of("dagster_dbt"))


def test_only_the_registry_imports_mlflow():
    assert importers_of("mlflow") == {"ml/registry.py"}


def test_only_expectations_imports_great_expectations():
    assert importers_of("great_expectations")
    assert all(name.startswith("expectations/") for name in importers_of("great_expectations"))


def test_only_one_module_opens_the_warehouse_for_writing():
    openers = {
        str(path.relative_to(ROOT))
        for path in modules()
        if "duckdb.connect(" in path.read_text(encoding="utf-8") and "duckdb.connect()" not in path.read_text(encoding="utf-8")
    }
    assert openers == {"preaudit/warehouse.py"}


def test_nothing_below_orchestration_imports_it():
    assert not {name for name in importers_of("orchestration") if not name.startswith("orchestration/")}


@pytest.mark.slow
def test_import_linter_agrees():
    result = subprocess.run(
        [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"], cwd=ROOT, capture_output=True, text=True
    )
    assert result.returncode == 0, result.stdout


HEAVY = ("great_expectations", "mlflow", "lightgbm", "sklearn", "matplotlib", "dagster_dbt", "dagster")


@pytest.mark.slow
def test_importing_what_readers_use_loads_nothing_heavy():
    code = f"import sys, preaudit.cli, ml.features, expectations.contract; print([m for m in {HEAVY!r} if m in sys.modules])"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert result.stdout.strip() == "[]"
