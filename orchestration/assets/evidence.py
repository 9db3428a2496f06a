"""The evidence of a day: one signed pack of the controls that failed, after the day is published and its run on record.

Belongs here: the asset. Does not: what is in a pack (preaudit/evidence/).
"""

import dagster as dg

from orchestration.assets.publication import PUBLISHED
from orchestration.dbt import OWNER
from orchestration.partitions import DAILY, window_of
from orchestration.progress import say
from preaudit.settings import Settings


@dg.asset(
    key=dg.AssetKey(["evidence", "daily_pack"]),
    deps=[PUBLISHED],
    group_name="evidence",
    owners=[OWNER],
    kinds={"zip"},
    description="A signed pack of every control with a failing result on the last day of the window; none where none failed.",
    partitions_def=DAILY,
    backfill_policy=dg.BackfillPolicy.single_run(),
    pool="warehouse",
)
def daily_evidence(context: dg.AssetExecutionContext, settings: dg.ResourceParam[Settings]) -> dg.MaterializeResult:
    """Build the day's pack. A day run again gets another one: its runs are part of what it says."""
    from preaudit.evidence.build import build
    from preaudit.evidence.facts import Period, controls_failing_on
    from preaudit.warehouse import reading

    day = window_of(context).last
    with reading(settings) as connection:
        failing = controls_failing_on(connection, day)
    if not failing:
        return dg.MaterializeResult(metadata={"dagster/row_count": 0, "window": str(day)})
    built = build(settings, failing, Period(day, day), label="daily")
    say(context.log, f"evidence of {len(failing)} failing controls: {built.path.name}")
    return dg.MaterializeResult(
        metadata={
            "dagster/row_count": len(failing),
            "window": str(day),
            "path": dg.MetadataValue.path(str(built.path)),
            "manifest_sha256": built.link.manifest_sha256,
            "is_new": built.is_new,
        }
    )
