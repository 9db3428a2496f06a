"""What was delivered, what was set aside and why, and how fresh each feed is.

Belongs here: published deliveries, quarantine and feed statuses. Does not: judging files (expectations/, preaudit/ingestion).
"""

from typing import Any

import polars as pl

from console.pages import DELIVERY_COUNTS, deliveries_page
from console.reading.tables import as_data
from console.reading.view import View

MOST_QUARANTINED = 100


def data_page(view: View, feed: str, rule: str) -> dict[str, Any]:
    """The page.

    Args:
        feed: show only quarantined rows of this feed; empty = of all.
        rule: show only those that broke this rule; empty = any.
    """
    return view.memo(("data", feed, rule), lambda: _page(view, feed, rule))


def _page(view: View, feed: str, rule: str) -> dict[str, Any]:
    terminal = deliveries_page(view)
    tables = {table.name: as_data(table) for table in terminal.tables}
    found = view.frame("quarantine")
    by = ("feed", "rule_code", "column_name")
    counts = found.group_by(by).agg(pl.len().alias("rows")).sort("rows", *by, descending=[True, False, False, False])
    shown = found.filter(pl.col("feed") == feed) if feed else found
    shown = shown.filter(pl.col("rule_code") == rule) if rule else shown
    keys = ("source", "feed", "file", "row_number", "rule_code", "column_name", "value", "message", "is_superseded")
    return {
        "sentence": terminal.lines[0],
        "sums": {name: terminal.facts[name] for name in DELIVERY_COUNTS},
        "files": terminal.facts["files"],
        "feeds": tables["feeds"],
        "refused": tables.get("refused"),
        "replaced": tables.get("replaced"),
        "freshness": _freshness(view),
        "quarantine_counts": counts.to_dicts(),
        "quarantine_feed": feed,
        "quarantine_rule": rule,
        "quarantine_total": shown.height,
        "quarantine": shown.head(MOST_QUARANTINED).select(keys).to_dicts(),
        "is_limited": not view.scope.is_everything,
    }


def _freshness(view: View) -> list[dict[str, Any]]:
    """One row per feed that any control uses: its status, its last day, how many controls need it."""
    found = (
        view.frame("control_coverage")
        .group_by("feed", "feed_status")
        .agg(
            pl.col("feed_last_known_on").max().alias("last_known_on"),
            pl.col("control_id").filter(pl.col("is_needed")).n_unique().alias("needed_by"),
            pl.col("control_id").filter(~pl.col("is_needed")).n_unique().alias("helps"),
        )
    )
    ordered = found.with_columns((pl.col("feed_status") == "fresh").alias("is_fresh")).sort("is_fresh", "feed")
    return [
        row | {"age_days": (view.as_of_on - row["last_known_on"]).days if row["last_known_on"] else None}
        for row in ordered.to_dicts()
    ]
