"""When a delivery became known: the one place that decides `known_on`.

Belongs here: the rule of late folders and of corrections. Does not: times inside the rows (raw.py).
"""

from datetime import UTC, date, datetime, timedelta
from typing import cast

import duckdb

from expectations.sql import only_row


def watermark(con: duckdb.DuckDBPyConnection) -> date | None:
    """The last as-of date that was run to the end; None before the first run."""
    (day,) = only_row(con, "select max(to_date) from ops.runs where ended_at is not null")
    return cast("date | None", day)


def known_on(delivered_on: date | None, run_from: date, published_through: date | None) -> date | None:
    """The day a folder's files became known: its own day, or the run's first day where that day was already published.

    None for history, where each row has its own day.
    """
    if delivered_on is None:
        return None
    if published_through is None or delivered_on > published_through:
        return delivered_on
    return max(delivered_on, run_from, published_through)


def latest_past_day(known: date | None, through: date) -> date:
    """The last local day a past event may lie on.

    For history it is today (plus one day for time zones ahead of this machine) or the run's last day, whichever is later, so
    that the answer does not depend on how much of the history a run asks for.
    """
    if known is not None:
        return known
    return max(through, datetime.now(UTC).date() + timedelta(days=1))
