"""When things run: the daily schedule, the sensors for deliveries and drift, the weekly training, and what follows ingestion.

Belongs here: schedules and sensors. Does not: what they start (jobs.py).
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import dagster as dg

from orchestration.jobs import DAILY_JOB, INGEST_JOBS, TRAINING_JOB
from orchestration.landing import deliveries_through
from preaudit.errors import PreauditError
from preaudit.settings import get_settings

SOURCE_TAG = "preaudit/source"
REASON_TAG = "preaudit/reason"


@dg.schedule(job=INGEST_JOBS["canonical"], cron_schedule="0 5 * * *", execution_timezone="UTC")
def daily_schedule(context: dg.ScheduleEvaluationContext) -> dg.RunRequest:
    """At 05:00 UTC, the day before: late enough for the night's exports."""
    day = (context.scheduled_execution_time - timedelta(days=1)).date().isoformat()
    return dg.RunRequest(run_key=f"daily-{day}", partition_key=day)


@dg.schedule(job=TRAINING_JOB, cron_schedule="0 7 * * 1", execution_timezone="UTC")
def weekly_training(context: dg.ScheduleEvaluationContext) -> dg.RunRequest:
    """Mondays at 07:00 UTC, after Sunday's as-of date has features."""
    return dg.RunRequest(run_key=f"training-{context.scheduled_execution_time.date().isoformat()}")


def build_delivery_sensor(source: str) -> dg.SensorDefinition:
    """Starts ingestion of one source when a settled file is waiting; the run key holds the files, so each set starts once."""

    @dg.sensor(job=INGEST_JOBS[source], name=f"new_{source}_deliveries", minimum_interval_seconds=60)
    def new_deliveries(context: dg.SensorEvaluationContext) -> Iterator[dg.RunRequest | dg.SkipReason]:
        found = deliveries_through(get_settings(), source)
        if not found.files:
            yield dg.SkipReason(f"nothing new from {source}")
            return
        yield dg.RunRequest(run_key=found.fingerprint, partition_key=found.last_day.isoformat())

    return new_deliveries


@dg.sensor(job=TRAINING_JOB, name="training_on_drift", minimum_interval_seconds=3600)
def training_on_drift(context: dg.SensorEvaluationContext) -> Iterator[dg.RunRequest | dg.SkipReason]:
    """Trains a challenger when the last published day says drift or expiry; a person promotes it, or auto_promote does.

    Not more often than every `retraining_pause_days`, whatever became of the last training: more of the same data tells no more.
    """
    from ml.monitoring import reasons_to_train
    from preaudit.snapshot import read_current

    settings = get_settings()
    try:
        snapshot = read_current(settings)
        reasons = reasons_to_train(snapshot.frame("model_monitoring"))
    except PreauditError as error:
        yield dg.SkipReason(error.what)
        return
    if not reasons:
        yield dg.SkipReason(f"nothing asks for a training as of {snapshot.as_of_on}")
        return
    since = datetime.now(UTC) - timedelta(days=settings.retraining_pause_days)
    if context.instance.get_runs(dg.RunsFilter(job_name=TRAINING_JOB.name, created_after=since), limit=1):
        yield dg.SkipReason(f"trained in the last {settings.retraining_pause_days} days; {'; '.join(reasons)}")
        return
    yield dg.RunRequest(run_key=f"drift-{snapshot.as_of_on}", tags={REASON_TAG: "; ".join(reasons)})


DELIVERY_SENSORS = [build_delivery_sensor(source) for source in INGEST_JOBS]


@dg.run_status_sensor(
    run_status=dg.DagsterRunStatus.SUCCESS,
    monitored_jobs=list(INGEST_JOBS.values()),
    request_job=DAILY_JOB,
    name="day_after_ingestion",
)
def day_after_ingestion(context: dg.RunStatusSensorContext) -> dg.RunRequest:
    """Run the day when its ingestion has ended."""
    return _daily_request(context)


@dg.run_status_sensor(
    run_status=dg.DagsterRunStatus.FAILURE,
    monitored_jobs=list(INGEST_JOBS.values()),
    request_job=DAILY_JOB,
    name="day_after_refusal",
)
def day_after_refusal(context: dg.RunStatusSensorContext) -> dg.RunRequest:
    """Run the day with what is fit when a delivery was refused: the controls that need it become not evaluable and say so."""
    return _daily_request(context)


def _daily_request(context: dg.RunStatusSensorContext) -> dg.RunRequest:
    day = context.dagster_run.tags["dagster/partition"]
    return dg.RunRequest(run_key=context.dagster_run.run_id, partition_key=day)


SCHEDULES = [daily_schedule, weekly_training]
SENSORS = [*DELIVERY_SENSORS, day_after_ingestion, day_after_refusal, training_on_drift]
