"""The dbt project as Dagster sees it: where it lies, which arguments a window becomes, what each model is called.

Belongs here: the translator and pure argument builders. Does not: SQL, or which stage runs when (assets/transformation.py).
"""

import json
import os
import sys
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import dagster as dg
from dagster_dbt import DagsterDbtTranslator, DagsterDbtTranslatorSettings, DbtCliResource, DbtProject

from orchestration.partitions import Window
from preaudit.settings import REPOSITORY, Settings

# Dagster calls a parameter beta that its own documentation recommends (1.13, 2026-11); a warning on every start tells the user nothing.
# Here, because importing dbt resets the filters.
warnings.filterwarnings("ignore", category=dg.BetaWarning)

PROJECT_DIR = REPOSITORY / "dbt_project"
OWNER = "team:data"
RANKING = "fqn:preaudit.intermediate.ranking fqn:preaudit.marts.ranking"

# dagster-dbt looks for `dbt` on PATH, where it is not when `.venv/bin/preaudit` is called without activating the environment.
os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])

PROJECT = DbtProject(project_dir=PROJECT_DIR, profiles_dir=PROJECT_DIR)


def ensure_manifest() -> Path:
    """Path of manifest.json; parses the project first when it is missing or older than any of its files."""
    manifest = PROJECT.manifest_path
    sources = [path for pattern in ("*.sql", "*.yml", "*.csv") for path in PROJECT_DIR.rglob(pattern) if "target" not in path.parts]
    if not manifest.exists() or any(path.stat().st_mtime > manifest.stat().st_mtime for path in sources):
        PROJECT.preparer.prepare(PROJECT)
    return manifest


def environment(settings: Settings) -> dict[str, str]:
    """Environment variables that dbt_project/profiles.yml reads."""
    return {
        "PREAUDIT_WAREHOUSE": str(settings.warehouse),
        "PREAUDIT_THREADS": str(settings.threads),
        "PREAUDIT_MEMORY_LIMIT": settings.memory_limit,
        "PREAUDIT_SPILL": str(settings.home / "spill"),
    }


def build_arguments(window: Window, settings: Settings, *, full_refresh: bool = False) -> list[str]:
    """Arguments of `dbt build` for one window: the same window always gives the same arguments."""
    variables = {
        "min_date": window.first.isoformat(),
        "max_date": window.last.isoformat(),
        "feature_dates": [day.isoformat() for day in window.feature_dates(settings.training_weekday)],
        "horizon_days": settings.horizon_days,
        "source_time_zone": settings.source_time_zone,
    }
    # Unit tests check the code, not the data: they run in the test suite.
    return ["build", "--exclude-resource-type", "unit_test", "--vars", json.dumps(variables), *(["--full-refresh"] if full_refresh else [])]


def resource(settings: Settings) -> DbtCliResource:
    """The dbt command line, pointed at the warehouse of these settings."""
    os.environ.update(environment(settings))
    return DbtCliResource(project_dir=PROJECT)


class Translator(DagsterDbtTranslator):
    """Asset keys as the tables are called, one group per folder, an owner and a kind on every model."""

    def __init__(self) -> None:
        super().__init__(settings=DagsterDbtTranslatorSettings(enable_asset_checks=True, enable_source_tests_as_checks=False))

    def get_asset_spec(self, manifest: Mapping[str, Any], unique_id: str, project: DbtProject | None) -> dg.AssetSpec:
        spec = super().get_asset_spec(manifest, unique_id, project)
        properties = self.get_resource_props(manifest, unique_id)
        return spec.replace_attributes(key=_asset_key(properties), group_name=_group(properties), owners=[OWNER])

    def get_asset_key(self, dbt_resource_props: Mapping[str, Any]) -> dg.AssetKey:
        return _asset_key(dbt_resource_props)


def _asset_key(properties: Mapping[str, Any]) -> dg.AssetKey:
    if properties["resource_type"] == "source":
        return dg.AssetKey([properties["source_name"], properties["name"]])
    return dg.AssetKey([properties["schema"], properties["name"]])


def _group(properties: Mapping[str, Any]) -> str:
    if properties["resource_type"] == "source":
        return "ingestion"
    return "seeds" if properties["resource_type"] == "seed" else str(properties["fqn"][1])
