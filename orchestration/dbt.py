"""The dbt project as Dagster sees it: where it lies, which arguments a window becomes, what each model is called.

Belongs here: the translator and pure argument builders. Does not: SQL, or which stage runs when (assets/transformation.py).
"""

import contextlib
import hashlib
import json
import os
import sys
import warnings
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import dagster as dg
from dagster_dbt import DagsterDbtTranslator, DagsterDbtTranslatorSettings, DbtProject

from orchestration.partitions import Window
from preaudit.settings import REPOSITORY, Settings

# Dagster calls a parameter beta that its own documentation recommends (1.13, 2026-11); a warning on every start tells the user
# nothing. Here, because importing dbt resets the filters.
warnings.filterwarnings("ignore", category=dg.BetaWarning)

PROJECT_DIR = REPOSITORY / "dbt_project"
OWNER = "team:data"
RANKING = " ".join(f"fqn:preaudit.{layer}.{area}" for layer in ("intermediate", "marts") for area in ("ranking", "monitoring"))
# No warehouse is opened to parse.
PARSED_WITH = {
    "PREAUDIT_WAREHOUSE": "warehouse.duckdb",
    "PREAUDIT_THREADS": "2",
    "PREAUDIT_MEMORY_LIMIT": "6GB",
    "PREAUDIT_SPILL": "spill",
}
# Folders whose views do not depend on the dates of a run (tested).
STANDING_VIEWS = ("staging", "intermediate.feeds")
# All seeds but control_library, which the ranking reads: Dagster would hold the ranking back if the library was left out.
STANDING_SEEDS = ("feed_register", "procedure_steps", "role_profiles", "sod_pairs", "source_feeds", "waivers")

# dagster-dbt looks for `dbt` on PATH, where it is not when `.venv/bin/preaudit` is called without activating the environment.
os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])

PROJECT = DbtProject(project_dir=PROJECT_DIR, profiles_dir=PROJECT_DIR)


def ensure_manifest() -> Path:
    """Path of manifest.json; parses the project first when it is missing or older than any of its files."""
    manifest = PROJECT.manifest_path
    sources = [
        path for pattern in ("*.sql", "*.yml", "*.csv") for path in PROJECT_DIR.rglob(pattern) if "target" not in path.parts
    ]
    if not manifest.exists() or any(path.stat().st_mtime > manifest.stat().st_mtime for path in sources):
        with parsing_environment():
            PROJECT.preparer.prepare(PROJECT)
    return manifest


@contextlib.contextmanager
def parsing_environment() -> Iterator[None]:
    """The profile's values for parsing, the same on every machine: dbt parses all files again when one of them is another one."""
    before = dict(os.environ)
    os.environ.update(PARSED_WITH)
    try:
        yield
    finally:
        for name in PARSED_WITH:
            os.environ.pop(name, None)
            if name in before:
                os.environ[name] = before[name]


def environment(settings: Settings) -> dict[str, str]:
    """Environment variables that dbt_project/profiles.yml reads."""
    return {
        "PREAUDIT_WAREHOUSE": str(settings.warehouse),
        "PREAUDIT_THREADS": str(settings.threads),
        "PREAUDIT_MEMORY_LIMIT": settings.memory_limit,
        "PREAUDIT_SPILL": str(settings.home / "spill"),
    }


def run_values(window: Window, settings: Settings) -> dict[str, str]:
    """Environment variables that the macro `run_value` reads: the same window always gives the same values."""
    return {
        "PREAUDIT_RUN_MIN_DATE": window.first.isoformat(),
        "PREAUDIT_RUN_MAX_DATE": window.last.isoformat(),
        "PREAUDIT_RUN_FEATURE_DATES": ",".join(day.isoformat() for day in window.feature_dates(settings.training_weekday)),
        "PREAUDIT_RUN_HORIZON_DAYS": str(settings.horizon_days),
        "PREAUDIT_RUN_TRAINING_WEEKDAY": str(settings.training_weekday),
        "PREAUDIT_RUN_CAPACITY_AGENTS_RATIO": str(settings.capacity_agents_ratio),
        "PREAUDIT_RUN_CAPACITY_PROCESSES_RATIO": str(settings.capacity_processes_ratio),
        "PREAUDIT_RUN_DRIFT_PSI_LIMIT": str(settings.drift_psi_limit),
        "PREAUDIT_RUN_CHAMPION_MAX_AGE_DAYS": str(settings.champion_max_age_days),
        "PREAUDIT_RUN_SOURCE_TIME_ZONE": settings.source_time_zone,
    }


def build_arguments(*, full_refresh: bool = False, only_tables: bool = False) -> list[str]:
    """Arguments of `dbt build`.

    Args:
        full_refresh: rebuild incremental models from everything in raw.
        only_tables: leave out the seeds and the views of staging and of the feeds, which stand as the last build of the same
            project left them. Other views hold the dates of their run and are made anew. No step after this one may depend on
            what is left out: Dagster would skip it.
    """
    # Unit tests check the code, not the data: they run in the test suite.
    arguments = ["build", "--exclude-resource-type", "unit_test", "--no-write-json", "--log-level-file", "none"]
    if only_tables:
        # One word each: dagster-dbt drops a repeated argument, and it gives --exclude itself.
        arguments += [f"--exclude=config.materialized:view,fqn:preaudit.{folder}" for folder in STANDING_VIEWS]
        arguments += [f"--exclude={seed}" for seed in STANDING_SEEDS]
    return [*arguments, *(["--full-refresh"] if full_refresh else [])]


def project_digest(manifest: Path) -> str:
    """Changes when any model, seed or macro changes: a build of another project must make its views again."""
    nodes = json.loads(manifest.read_text(encoding="utf-8"))
    parts = [f"{name} {node.get('checksum', {}).get('checksum')}" for name, node in sorted(nodes["nodes"].items())]
    parts += [
        f"{name} {macro['macro_sql']}" for name, macro in sorted(nodes["macros"].items()) if macro["package_name"] == "preaudit"
    ]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


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
