"""Everything Dagster loads: assets, checks, jobs, schedules, sensors, resources.

Belongs here: putting the parts together. Does not: defining any of them.
"""

from typing import Any

import dagster as dg

from preaudit import telemetry

telemetry.switch_off()

from orchestration.assets.evidence import daily_evidence  # noqa: E402 - telemetry is off before dbt is imported
from orchestration.assets.ingestion import RAW_ASSETS  # noqa: E402
from orchestration.assets.monitoring import model_is_current, monitoring_reference  # noqa: E402
from orchestration.assets.publication import published_snapshot  # noqa: E402
from orchestration.assets.risk import MODEL_ASSETS, scores  # noqa: E402
from orchestration.assets.transformation import FEATURE_CHECKS, ranking, transformation  # noqa: E402
from orchestration.automation import SCHEDULES, SENSORS  # noqa: E402
from orchestration.jobs import DAILY_JOB, INGEST_JOBS, SCORING_JOB, TRAINING_JOB, TRANSFORM_JOB  # noqa: E402
from orchestration.progress import progress_logger  # noqa: E402
from orchestration.selftest import selftest_job, weekly_selftest  # noqa: E402
from preaudit.settings import get_settings  # noqa: E402


def build_defs(**overrides: Any) -> dg.Definitions:
    """The definitions of this installation; a test swaps one resource by name (`settings`)."""
    settings = overrides.get("settings", get_settings())
    return dg.Definitions(
        assets=[
            *(*RAW_ASSETS.values(), transformation, ranking, *MODEL_ASSETS, monitoring_reference, scores),
            *(published_snapshot, daily_evidence),
        ],
        asset_checks=[*FEATURE_CHECKS, model_is_current],
        jobs=[*INGEST_JOBS.values(), DAILY_JOB, TRANSFORM_JOB, SCORING_JOB, TRAINING_JOB, selftest_job],
        schedules=[*SCHEDULES, weekly_selftest],
        sensors=SENSORS,
        resources={"settings": settings, **overrides},
        executor=dg.in_process_executor,
        loggers={"progress": progress_logger},
    )


defs = build_defs()
