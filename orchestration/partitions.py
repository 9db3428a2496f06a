"""The daily partition and the window of as-of dates that one run covers.

Belongs here: turning a Dagster context into dates. Does not: what is done with them.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import dagster as dg

# Earliest day any source may deliver; the public ServiceNow log starts in February 2016 (2026-11).
DAILY = dg.DailyPartitionsDefinition(start_date="2015-01-01", end_offset=1)

# A range from the command line is one run on its last partition, tagged with its first day: Dagster would otherwise store one
# event per asset and day (300 days x 100 assets at some 20 ms each); see docs/decisions/0003-range-runs.md.
FROM_DATE_TAG = "preaudit/from_date"
FULL_REFRESH_TAG = "preaudit/full_refresh"
DAYS_WITH_DAILY_FEATURES = 7


@dataclass(frozen=True)
class Window:
    """Inclusive as-of dates of one run."""

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.first > self.last:
            raise ValueError(f"the range ends before it starts: {self.first} > {self.last}")

    def feature_dates(self, training_weekday: int) -> list[date]:
        """Days that get feature rows: every day of a short run, else the weekly training days and the last day."""
        days = [self.first + timedelta(days=n) for n in range((self.last - self.first).days + 1)]
        if len(days) <= DAYS_WITH_DAILY_FEATURES:
            return days
        return [day for day in days if day.isoweekday() == training_weekday or day == self.last]


def window_of(context: Any) -> Window:
    """The window of a partitioned run: its partition(s), reaching back to the first day of a tagged range."""
    if context.has_partition_key:
        last = date.fromisoformat(context.partition_key)
        return Window(date.fromisoformat(context.run.tags.get(FROM_DATE_TAG, context.partition_key)), last)
    span = context.partition_time_window
    return Window(_day(span.start), _day(span.end) - timedelta(days=1))


def _day(moment: datetime) -> date:
    return moment.date()
