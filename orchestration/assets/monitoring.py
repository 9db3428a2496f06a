"""Monitoring: what later days are compared with, taken after a training, and the daily check of what dbt measured.

Belongs here: the asset and the check. Does not: the measures (dbt_project/models/marts/monitoring, ml/monitoring.py) or what
follows from them (automation.py).
"""

from collections.abc import Iterator

import dagster as dg

from orchestration.assets.risk import ENTITY_KINDS, model_key
from orchestration.dbt import OWNER
from orchestration.progress import say
from preaudit.settings import Settings

REFERENCE_TABLES = ("trained_models", "feature_reference", "backtested_lists")
MONITORING = dg.AssetKey(["marts", "mart_model_monitoring"])


@dg.multi_asset(
    specs=[
        dg.AssetSpec(
            dg.AssetKey(["ml", table]),
            deps=[model_key(kind) for kind in ENTITY_KINDS],
            group_name="risk",
            owners=[OWNER],
            kinds={"duckdb"},
            description=description,
        )
        for table, description in zip(
            REFERENCE_TABLES,
            (
                "Which data each registered version was trained on.",
                "How the inputs of each registered version were spread over its training rows.",
                "What the lists of the last training's judged dates would have caught.",
            ),
            strict=True,
        )
    ],
    name="monitoring_reference",
    pool="warehouse",
)
def monitoring_reference(
    context: dg.AssetExecutionContext, settings: dg.ResourceParam[Settings]
) -> Iterator[dg.MaterializeResult]:
    """Keep the training data's spread and the back-tested lists of what was trained last."""
    import polars as pl

    from ml import monitoring, registry
    from preaudit import warehouse
    from preaudit.review import validation_file

    horizon = settings.horizon_days
    ratios = {"agent": settings.capacity_agents_ratio, "process": settings.capacity_processes_ratio}
    known = registry.versions(settings)
    rows = dict.fromkeys(REFERENCE_TABLES, 0)
    for kind in ENTITY_KINDS:
        lists = monitoring.backtested_lists(pl.read_parquet(validation_file(settings, kind)), ratios[kind], horizon)
        warehouse.replace_backtested_lists(settings, kind, lists)
        rows["backtested_lists"] += lists.height
        name = registry.model_name(kind, settings)
        version = next((one["version"] for one in known if one["name"] == name), None)
        if version is None:
            continue
        with warehouse.reading(settings) as connection:
            found = monitoring.reference(connection, kind, horizon)
        if found is not None and warehouse.add_reference(
            settings, kind, version, horizon, found.last_as_of_on, found.entities, found.spread
        ):
            rows["trained_models"] += 1
            rows["feature_reference"] += found.spread.height
    for table, count in rows.items():
        yield dg.MaterializeResult(dg.AssetKey(["ml", table]), metadata={"dagster/row_count": count})


@dg.asset_check(
    asset=MONITORING,
    name="model_is_current",
    blocking=False,
    description="The inputs look like those of the training, the lists keep their promise, the champion has not expired.",
    pool="warehouse",
)
def model_is_current(context: dg.AssetCheckExecutionContext, settings: dg.ResourceParam[Settings]) -> dg.AssetCheckResult:
    """Warn; nothing is held back, and nobody but a person promotes."""
    import polars as pl

    from ml import monitoring
    from preaudit import warehouse

    with warehouse.reading(settings) as connection:
        newest = (
            "select * from marts.mart_model_monitoring where as_of_on = (select max(as_of_on) from marts.mart_model_monitoring)"
        )
        found = pl.DataFrame(connection.sql(newest).to_arrow_table())
    reasons = monitoring.reasons_to_train(found)
    for reason in reasons:
        say(context.log, f"WARNING {reason}: train a challenger (`preaudit train`)")
    off = found.filter(~found["is_ok"])
    return dg.AssetCheckResult(
        passed=off.is_empty(),
        severity=dg.AssetCheckSeverity.WARN,
        metadata={
            "measures": found.height,
            "outside_limits": [
                f"{row['entity_kind']} {row['measure']} {row['name']}: {row['value']:.3g}" for row in off.iter_rows(named=True)
            ],
            "reasons_to_train": reasons,
        },
    )
