"""The published snapshot: the last step of a daily run, visible by one rename.

Belongs here: the asset. Does not: what is in a snapshot (preaudit/snapshot.py).
"""

from datetime import UTC, datetime

import dagster as dg

from orchestration.dbt import OWNER
from orchestration.partitions import DAILY, window_of
from orchestration.progress import say
from preaudit.settings import Settings

PUBLISHED = dg.AssetKey(["published", "snapshot"])
MARTS = (
    *("rank_entities", "mart_control_status", "mart_control_changes", "mart_control_coverage", "mart_framework_coverage"),
    *("fct_failures", "fct_control_results", "fct_decisions", "mart_list_outcomes", "mart_model_monitoring"),
)


@dg.asset(
    key=PUBLISHED,
    deps=[dg.AssetKey(["marts", name]) for name in MARTS],
    group_name="publication",
    owners=[OWNER],
    kinds={"parquet"},
    description="A complete, versioned Parquet snapshot of one as-of date, made current by one atomic rename.",
    partitions_def=DAILY,
    backfill_policy=dg.BackfillPolicy.single_run(),
    pool="warehouse",
)
def published_snapshot(context: dg.AssetExecutionContext, settings: dg.ResourceParam[Settings]) -> dg.MaterializeResult:
    """Publish the last day of the window and move the watermark."""
    from preaudit import snapshot, warehouse
    from preaudit.code_version import code_version

    window = window_of(context)
    version = code_version()
    stats = context.instance.get_run_stats(context.run.run_id)
    started_at = datetime.fromtimestamp(stats.start_time, UTC) if stats.start_time else datetime.now(UTC)
    facts = {
        "run_id": context.run.run_id,
        "from_date": window.first.isoformat(),
        "to_date": window.last.isoformat(),
        "code_version": version,
        "started_at": started_at.isoformat(),
    }
    folder = snapshot.publish(settings, window.last, facts)
    warehouse.record_run(settings, context.run.run_id, context.run.job_name, (window.first, window.last), version, started_at)
    say(context.log, f"published {folder.name}")
    return dg.MaterializeResult(
        metadata={
            "path": dg.MetadataValue.path(str(folder)),
            "window": str(window),
        }
    )
