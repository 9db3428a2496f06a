"""One asset per source table: its pending deliveries read, checked by the gate and loaded into raw.

Belongs here: the factory of those assets and their blocking gate check. Does not: rules (expectations/), loading (preaudit/).
"""

from collections.abc import Iterator

import dagster as dg

from expectations import contract
from orchestration.dbt import OWNER
from orchestration.partitions import DAILY, window_of
from orchestration.progress import say
from preaudit.settings import Settings

# A full disk or a locked warehouse may pass; a refusal is a result of its check, not an error, and is not tried again.
RETRY = dg.RetryPolicy(max_retries=2, delay=5, backoff=dg.Backoff.EXPONENTIAL)


def build_raw_asset(source: str, feed: str, priority: int) -> dg.AssetsDefinition:
    """The asset raw/<source>__<feed>, run in order of priority; its blocking check fails for as long as a refused file stands."""
    key = dg.AssetKey(["raw", f"{source}__{feed}"])
    gate = dg.AssetCheckSpec("gate", asset=key, blocking=True, description=f"Every delivery of {feed} passes the table rules.")
    speaks_for_source = feed == contract.feeds(source)[0].name

    @dg.multi_asset(
        name=f"raw_{source}__{feed}",
        specs=[
            dg.AssetSpec(
                key,
                group_name="ingestion",
                owners=[OWNER],
                kinds={"python", "duckdb"},
                description=f"Rows of {source} {feed} exactly as delivered, stamped with file, row number and known_at.",
                skippable=False,
            )
        ],
        check_specs=[gate],
        partitions_def=DAILY,
        backfill_policy=dg.BackfillPolicy.single_run(),
        op_tags={"dagster/priority": str(priority)},
        retry_policy=RETRY,
        pool="warehouse",
    )
    def raw(
        context: dg.AssetExecutionContext, settings: dg.ResourceParam[Settings]
    ) -> Iterator[dg.MaterializeResult | dg.AssetCheckResult]:
        from preaudit import ingestion

        window = window_of(context)
        outcomes = ingestion.ingest(settings, source, feed, window.last, window.first)
        totals = {
            name: sum(getattr(outcome, name) for outcome in outcomes)
            for name in ("rows_delivered", "rows_accepted", "rows_quarantined", "rows_refused", "rows_repeated")
        }
        if outcomes:
            say(
                context.log,
                f"{source} {feed}: {totals['rows_accepted']:,} rows accepted, {totals['rows_quarantined']:,} quarantined",
            )
        for outcome in outcomes:
            if outcome.warning:
                say(context.log, f"WARNING {source} {feed}: {outcome.file}: {outcome.warning}")
        refusals = ingestion.standing_refusals(settings, source, window.last, feed)
        new = {outcome.file for outcome in outcomes}
        for refusal in refusals:
            say(
                context.log, f"{source} {feed}: {refusal.file} {'' if refusal.file in new else 'still '}refused: {refusal.reason}"
            )
        unclaimed = [f"{file.file}: {file.reason}" for file in ingestion.unclaimed(settings, source)] if speaks_for_source else []
        for line in unclaimed:
            say(context.log, f"{source}: not loaded: {line}")
        metadata = {"dagster/row_count": totals["rows_accepted"], "files": len(outcomes), "window": str(window), **totals}
        if unclaimed:
            metadata["not_loaded"] = unclaimed
        yield dg.MaterializeResult(key, metadata=metadata)
        yield dg.AssetCheckResult(
            asset_key=key,
            check_name="gate",
            passed=not refusals,
            metadata={"refused": [f"{refusal.file}: {refusal.reason}" for refusal in refusals]},
        )

    return raw


def source_tables() -> list[tuple[str, str]]:
    """Every (source, table) of the contract, referenced feeds before those that refer to them."""
    return [(source, feed.name) for source in contract.sources() for feed in contract.feeds(source)]


# Earlier in the list runs first: a feed's keys are compared with the feeds it refers to.
RAW_ASSETS = {table: build_raw_asset(*table, priority=-position) for position, table in enumerate(source_tables())}
