"""The model registry: the only module that imports MLflow.

Belongs here: logging a training run, model versions, approval and rollback as a person asks for them.
Does not: training, the gate's rules, what a review holds (ml/review_pack.py), what a promotion leaves behind (ml/promotion.py).
Store: SQLite and local files under `settings.mlflow_home`, absolute paths, no server.
Aliases: `challenger` = passed the gate last and is not serving; `champion` = scores. Only a person (`approve`) or `auto_promote`
makes a champion.
"""

import logging
import tempfile
import warnings
from dataclasses import dataclass, replace
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as package_version
from pathlib import Path
from typing import Any

from ml import model as model_store
from ml import model_card, review_pack
from ml.model import Model
from ml.promotion import CHALLENGER, CHAMPION, promote, take_back, with_alias
from ml.sql_digests import sql_digests
from ml.training import TrainingOutcome
from preaudit import telemetry
from preaudit.errors import PreauditError
from preaudit.settings import Settings

EXPERIMENT = "preaudit"
MODEL_FOLDER = "model"
# MLflow shows this tag of a run as its description.
DESCRIPTION_TAG = "mlflow.note.content"
LIST_THEM = "List the versions: preaudit models list."


@dataclass(frozen=True)
class Champion:
    """The model that scores, with its version in the registry."""

    model: Model
    version: str
    name: str


@dataclass(frozen=True)
class Recorded:
    """Where a training run is to be found: MLflow run, model version (None without a model) and the aliases it was given."""

    run_id: str
    version: str | None
    aliases: tuple[str, ...]


def model_name(entity_kind: str, settings: Settings, horizon_days: int | None = None) -> str:
    """`preaudit-agent` or `preaudit-process` for the headline horizon; other horizons have it as a suffix (`-7d`).

    A name that is given in full is left as it is.
    """
    if entity_kind.startswith("preaudit-"):
        return entity_kind
    horizon = horizon_days or settings.horizon_days
    return f"preaudit-{entity_kind}" + ("" if horizon == settings.horizon_days else f"-{horizon}d")


def record(outcome: TrainingOutcome, settings: Settings) -> Recorded:
    """Log a training run with parameters, figures, plots and tables; register its model and give it the aliases it earned."""
    mlflow = _mlflow(settings)
    name = model_name(outcome.entity_kind, settings, outcome.horizon_days)
    outcome = replace(outcome, facts={**outcome.facts, "sql_digest": sql_digests()["all"]})
    summary = model_card.summary(outcome, settings.champion_max_age_days)
    with mlflow.start_run(experiment_id=_experiment(mlflow, settings), run_name=name) as run:
        mlflow.set_tags(
            review_pack.gate_tags(outcome.decision)
            | {"entity_kind": outcome.entity_kind, "horizon_days": str(outcome.horizon_days), DESCRIPTION_TAG: summary}
        )
        mlflow.log_params({key: str(value)[:500] for key, value in outcome.facts.items()})
        with tempfile.TemporaryDirectory() as folder:
            review_pack.write(outcome, Path(folder), settings.champion_max_age_days)
            mlflow.log_artifacts(folder, "review")
        version = _register(mlflow, outcome, name, summary) if outcome.model else None
        # After the model: MLflow would look up every figure's history to copy it onto the model, 2 s for nothing.
        mlflow.log_metrics(review_pack.metrics(outcome))
    if version is None or not outcome.decision.passed:
        return Recorded(run.info.run_id, version, ())
    client = mlflow.MlflowClient()
    client.set_registered_model_alias(name, CHALLENGER, version)
    if not settings.auto_promote:
        return Recorded(run.info.run_id, version, (CHALLENGER,))
    promote(client, settings, name, version, "auto_promote", "passed the gate and PREAUDIT_AUTO_PROMOTE is on")
    return Recorded(run.info.run_id, version, (CHAMPION,))


def load_champion(entity_kind: str, settings: Settings, *, horizon_days: int | None = None) -> Champion | None:
    """The serving model; None where no version has the alias or the one that has it did not pass its gate.

    MLflow is not even imported where no training ever ran.
    """
    if not _database(settings).exists():
        return None
    mlflow = _mlflow(settings)
    name = model_name(entity_kind, settings, horizon_days)
    found = with_alias(mlflow.MlflowClient(), name, CHAMPION)
    if found is None or found.tags.get("gate.passed") != "true":
        return None
    with tempfile.TemporaryDirectory() as folder:
        kept = mlflow.artifacts.download_artifacts(artifact_uri=f"models:/{name}/{found.version}", dst_path=folder)
        return Champion(model_store.load(_model_folder(Path(kept))), str(found.version), name)


def approve(entity_kind: str, version: str, by: str, reason: str, settings: Settings, *, horizon_days: int | None = None) -> str:
    """Make a version the champion in the name of a person; returns the name of the model.

    Args:
        entity_kind: agent, process or the full name of a registered model.
        version: to serve from now on.
        by: who approves.
        reason: why.
        settings: whose registry.
        horizon_days: the headline horizon if left out.

    Raises:
        PreauditError: no such version, nobody named, no reason given, it serves already, or it did not pass its gate.
    """
    mlflow = _asked(by, reason, settings)
    client, name = mlflow.MlflowClient(), model_name(entity_kind, settings, horizon_days)
    try:
        found = client.get_model_version(name, version)
    except mlflow.exceptions.MlflowException as error:
        raise PreauditError(f"There is no version {version} of {name}.", remedy=LIST_THEM) from error
    if found.tags.get("gate.passed") != "true":
        raise PreauditError(
            f"Version {version} of {name} did not pass its gate: {found.tags.get('gate.verdict', 'no verdict')}.",
            remedy="Train on more history, or read the review in MLflow to see which question was answered no.",
        )
    current = with_alias(client, name, CHAMPION)
    if current is not None and str(current.version) == version:
        raise PreauditError(f"Version {version} of {name} is the champion already.", remedy=LIST_THEM)
    promote(client, settings, name, version, by, reason)
    return name


def rollback(entity_kind: str, by: str, reason: str, settings: Settings, *, horizon_days: int | None = None) -> str | None:
    """Take the champion alias back to the version it replaced.

    Returns:
        The version that serves now; None where there was no earlier champion, so that the rule serves.

    Raises:
        PreauditError: nobody named, no reason given, or there is no champion to take back.
    """
    mlflow = _asked(by, reason, settings)
    client, name = mlflow.MlflowClient(), model_name(entity_kind, settings, horizon_days)
    current = with_alias(client, name, CHAMPION)
    if current is None:
        raise PreauditError(f"{name} has no champion to roll back.", remedy=LIST_THEM)
    return take_back(client, settings, name, current, by, reason)


def versions(settings: Settings) -> list[dict[str, Any]]:
    """Every registered version, newest first: name, version, aliases, tags (gate answers, approval) and the run it came from."""
    if not _database(settings).exists():
        return []
    client = _mlflow(settings).MlflowClient()
    found = []
    for registered in client.search_registered_models():
        aliases = registered.aliases
        for one in client.search_model_versions(f"name='{registered.name}'"):
            held = sorted(alias for alias, version in aliases.items() if str(version) == str(one.version))
            found.append(
                {"name": one.name, "version": str(one.version), "aliases": held, "tags": dict(one.tags), "run_id": one.run_id}
            )
    return sorted(found, key=lambda row: (row["name"], -int(row["version"])))


def _asked(by: str, reason: str, settings: Settings) -> Any:
    """MLflow, once it is known who asks for a change and why, and that there is something to change."""
    if not by.strip() or not reason.strip():
        raise PreauditError("An approval or rollback needs a name and a reason.", remedy="Give --by and --reason.")
    if not _database(settings).exists():
        raise PreauditError("No model was trained yet.", where=str(_database(settings)), remedy="Run `preaudit train` first.")
    return _mlflow(settings)


def _register(mlflow: Any, outcome: TrainingOutcome, name: str, summary: str) -> str:
    from mlflow.models import ModelSignature
    from mlflow.types import ColSpec, Schema

    assert outcome.model is not None
    inputs = Schema([ColSpec("double", feature) for feature in outcome.model.feature_names])
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        # An input example would keep rows of real people in the registry; the signature is given instead.
        warnings.filterwarnings("ignore", message=".*An input example was not provided", category=UserWarning)
        outcome.model.save(Path(folder) / MODEL_FOLDER)
        logged = mlflow.pyfunc.log_model(
            name=name,
            loader_module="ml.model",
            data_path=str(Path(folder) / MODEL_FOLDER),
            signature=ModelSignature(inputs=inputs, outputs=Schema([ColSpec("double", "probability")])),
            pip_requirements=[
                f"{package}=={_installed(package)}" for package in ("preaudit", "lightgbm", "polars", "numpy", "scipy")
            ],
        )
    client = mlflow.MlflowClient()
    if not client.search_registered_models(f"name='{name}'"):
        client.create_registered_model(name)
    created = client.create_model_version(name, logged.model_uri, run_id=logged.run_id, model_id=logged.model_id)
    version = str(created.version)
    for key, value in review_pack.gate_tags(outcome.decision).items():
        client.set_model_version_tag(name, version, key, value)
    client.update_model_version(name, version, description=summary)
    return version


def _mlflow(settings: Settings) -> Any:
    telemetry.switch_off()
    with warnings.catch_warnings():
        # MLflow 3.17 warns about type hints of its own classes while it is imported.
        warnings.filterwarnings("ignore", message=".*type hint is inferred as AnyType", category=UserWarning)
        import mlflow
        import mlflow.pyfunc

    logging.getLogger("mlflow").setLevel(logging.WARNING)
    settings.mlflow_home.mkdir(parents=True, exist_ok=True)
    uri = f"sqlite:///{_database(settings)}"
    mlflow.set_tracking_uri(uri)
    mlflow.set_registry_uri(uri)
    return mlflow


def _experiment(mlflow: Any, settings: Settings) -> str:
    found = mlflow.get_experiment_by_name(EXPERIMENT)
    if found is not None:
        return str(found.experiment_id)
    artifacts = (settings.mlflow_home / "artifacts").resolve().as_uri()
    return str(mlflow.create_experiment(EXPERIMENT, artifact_location=artifacts))


def _database(settings: Settings) -> Path:
    return settings.mlflow_home.resolve() / "mlflow.db"


def _model_folder(kept: Path) -> Path:
    return next(found.parent for found in kept.rglob(model_store.DESCRIPTION))


def _installed(package: str) -> str:
    try:
        return package_version(package)
    except PackageNotFoundError:
        return "0"
