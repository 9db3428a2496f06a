"""The dbt build up to features and labels, and the second gate on the feature tables.

Belongs here: the dbt stages as assets and the blocking feature checks. Does not: SQL (dbt_project/) or the rules (expectations/).
"""

import os
from collections.abc import Iterator
from typing import Any

import dagster as dg
from dagster_dbt import dbt_assets

from orchestration.dbt import RANKING, Translator, build_arguments, ensure_manifest, environment, project_digest, run_values
from orchestration.dbt_run import run_dbt
from orchestration.partitions import DAILY, FULL_REFRESH_TAG, window_of
from orchestration.progress import say
from preaudit.settings import Settings

MANIFEST = ensure_manifest()
DIGEST = project_digest(MANIFEST)


def _build(context: dg.AssetExecutionContext, settings: Settings) -> Iterator[Any]:
    """Run one dbt stage for the run's window; every model reports its row count when the stage has ended."""
    from preaudit import warehouse

    window = window_of(context)
    os.environ.update(environment(settings) | run_values(window, settings))
    # The standing views read times in the source's zone.
    digest = f"{DIGEST} {settings.source_time_zone}"
    full_refresh = context.run.tags.get(FULL_REFRESH_TAG) == "true"
    is_same_project = warehouse.built_project(settings, context.op.name) == digest
    arguments = build_arguments(full_refresh=full_refresh, only_tables=is_same_project and not full_refresh)
    say(context.log, f"dbt: building {len(context.selected_asset_keys)} models for {window.first} to {window.last}")
    built = run_dbt(context, arguments, settings.home / "dbt")
    events, errors = built.events, built.errors
    for control, error in built.failed_controls.items():
        context.log.error(f"Control {control} could not be built: {error}")
        say(context.log, f"WARNING {control} could not be built and has the status error: {error}")
    if not errors:
        warehouse.record_build(settings, context.op.name, digest)
        # A run of single checks builds no table.
        if (invocation := _invocation_id(events)) is not None:
            days = (window.first, window.last)
            warehouse.record_invocation(settings, invocation, context.run.run_id, context.op.name, days, digest)
    with warehouse.reading(settings) as connection:
        counts = {
            (schema, table): rows
            for schema, table, rows in connection.execute(
                "select schema_name, table_name, estimated_size from duckdb_tables()"
            ).fetchall()
        }
    for event in events:
        if isinstance(event, dg.Output):
            schema, table = context.asset_key_for_output(event.output_name).path
            rows = counts.get((schema, table))
            event = event.with_metadata(
                {**event.metadata, **({"dagster/row_count": rows} if rows is not None else {}), "window": str(window)}
            )
        yield event
    if errors:
        raise dg.Failure("\n".join(errors), allow_retries=False)


def _invocation_id(events: list[Any]) -> str | None:
    """The id that dbt gave the invocation, which its log and its events carry; None where it built no table."""
    return next((str(event.metadata["invocation_id"].value) for event in events if isinstance(event, dg.Output)), None)


@dbt_assets(
    manifest=MANIFEST,
    exclude=RANKING,
    name="dbt_transformation",
    dagster_dbt_translator=Translator(),
    partitions_def=DAILY,
    backfill_policy=dg.BackfillPolicy.single_run(),
    pool="warehouse",
)
def transformation(context: dg.AssetExecutionContext, settings: dg.ResourceParam[Settings]) -> Iterator[Any]:
    """Staging to features and labels, one `dbt build`."""
    yield from _build(context, settings)


@dbt_assets(
    manifest=MANIFEST,
    select=RANKING,
    name="dbt_ranking",
    dagster_dbt_translator=Translator(),
    partitions_def=DAILY,
    backfill_policy=dg.BackfillPolicy.single_run(),
    pool="warehouse",
)
def ranking(context: dg.AssetExecutionContext, settings: dg.ResourceParam[Settings]) -> Iterator[Any]:
    """Scores to ranked entities, one `dbt build`."""
    yield from _build(context, settings)


def build_feature_check(entity_kind: str) -> dg.AssetChecksDefinition:
    """The blocking check of one feature table before it may train or score anything."""
    key = dg.AssetKey(["marts", f"ftr_{entity_kind}_pairs"])

    @dg.asset_check(
        asset=key,
        name="feature_gate",
        blocking=True,
        description=f"The {entity_kind} feature table satisfies its Great Expectations suite.",
        pool="warehouse",
    )
    def feature_gate(context: dg.AssetCheckExecutionContext, settings: dg.ResourceParam[Settings]) -> dg.AssetCheckResult:
        from expectations.features import check_feature_table
        from ml.features import features
        from preaudit import warehouse

        names = [feature.name for feature in features(entity_kind)]
        window = window_of(context)
        # The rows of other days passed when they were written, and grow without end.
        days = f"as_of_on between date '{window.first}' and date '{window.last}'"
        of_run = f"(select * from {'.'.join(key.path)} where {days})"
        with warehouse.reading(settings) as connection:
            results = check_feature_table(settings, connection, entity_kind, names, relation=of_run)
            # A day of three agents may be too small for features to vary: then the whole table counts.
            if not all(result.is_success for result in results):
                results = check_feature_table(settings, connection, entity_kind, names)
        failed = [result for result in results if not result.is_success]
        say(context.log, f"feature gate {entity_kind}: {len(results) - len(failed)} of {len(results)} rules hold")
        return dg.AssetCheckResult(
            passed=not failed,
            metadata={
                "rules": len(results),
                "failed": [f"{rule.rule_code} {rule.column_name}: {rule.detail}" for rule in failed],
            },
        )

    return feature_gate


FEATURE_CHECKS = [build_feature_check("agent"), build_feature_check("process")]
