"""The jobs: ingest what was delivered, run the day, train the model.

Belongs here: which assets a job holds. Ingestion is a job of its own because a refused delivery must stop only itself: Dagster
holds back everything downstream of a failed blocking check within one run, so the day's run is a second one that goes on with
what is fit. Does not: when they start (automation.py).
"""

import json
from datetime import UTC, datetime

import dagster as dg

from expectations import contract
from orchestration.assets.evidence import daily_evidence
from orchestration.assets.ingestion import RAW_ASSETS
from orchestration.assets.monitoring import model_is_current, monitoring_reference
from orchestration.assets.publication import published_snapshot
from orchestration.assets.risk import MODEL_ASSETS, scores
from orchestration.assets.transformation import FEATURE_CHECKS, ranking, transformation
from preaudit.settings import get_settings


@dg.failure_hook(name="record_failure")
def record_failure(context: dg.HookContext) -> None:
    """Append one line per failed step to <home>/failures.jsonl, which a person or a log shipper can watch."""
    home = get_settings().home
    home.mkdir(parents=True, exist_ok=True)
    error = context.op_exception
    line = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "job": context.job_name,
        "run_id": context.run_id,
        "step": context.op.name,
        "error": " ".join(str(error).split())[:1000] if error else "",
    }
    with (home / "failures.jsonl").open("a", encoding="utf-8") as stream:
        stream.write(json.dumps(line) + "\n")


INGEST_JOBS = {
    source: dg.define_asset_job(
        f"ingest_{source}",
        selection=dg.AssetSelection.assets(*[asset for (name, _), asset in RAW_ASSETS.items() if name == source]),
        hooks={record_failure},
        description=f"Read, check and load what {source} delivered.",
    )
    for source in contract.sources()
}

DAILY_JOB = dg.define_asset_job(
    "daily_risk",
    selection=dg.AssetSelection.assets(transformation, scores, ranking, published_snapshot, daily_evidence)
    | dg.AssetSelection.checks(*FEATURE_CHECKS, model_is_current)
    | dg.AssetSelection.checks_for_assets(transformation, ranking),
    hooks={record_failure},
    description="Transform, check the features, score, rank and publish one as-of date or range; evidence of what failed.",
)

TRANSFORM_JOB = dg.define_asset_job(
    "transform",
    selection=dg.AssetSelection.assets(transformation)
    | dg.AssetSelection.checks(*FEATURE_CHECKS)
    | dg.AssetSelection.checks_for_assets(transformation),
    hooks={record_failure},
    description="Transform and check the features only; before a first model is trained.",
)

SCORING_JOB = dg.define_asset_job(
    "score_and_publish",
    selection=dg.AssetSelection.assets(scores, ranking, published_snapshot)
    | dg.AssetSelection.checks(model_is_current)
    | dg.AssetSelection.checks_for_assets(ranking),
    hooks={record_failure},
    description="Score, rank and publish again, after a new champion or a roll back.",
)

TRAINING_JOB = dg.define_asset_job(
    "train_model",
    selection=dg.AssetSelection.assets(*MODEL_ASSETS, monitoring_reference),
    hooks={record_failure},
    description="Train both models on matured rows and let the gate judge them.",
)
