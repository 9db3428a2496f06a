"""Turns the rows of a day into files: the history, or the folder of the day.

Ordering rows, numbering events and choosing the file belong here. Formats are in delivery.py, spoilt rows in dirt.py.
"""

from pathlib import Path

import numpy as np

from simulation.access import Access
from simulation.access_lists import access_lists
from simulation.columns import arrow_table
from simulation.delivery import History, folder_name, format_of, write_day
from simulation.dirt import Dirt
from simulation.feeds import EVENT_COUNTERS, FEEDS
from simulation.parameters import Parameters
from simulation.records import Records
from simulation.tables import Array
from simulation.tickets import TicketDesk
from simulation.world import World


class Shipping:
    """Writes what a day's outbox holds, with the lists that are due."""

    def __init__(
        self, parameters: Parameters, out: Path, world: World, records: Records, access: Access, desk: TicketDesk, dirt: Dirt
    ) -> None:
        self._p, self._world, self._records, self._access, self._desk, self._dirt = parameters, world, records, access, desk, dirt
        self._folder = out / "landing" / "canonical"
        self._history = History(self._folder / "history")
        self._counters = dict.fromkeys(EVENT_COUNTERS, 0)
        self._rows: dict[str, int] = {}

    def deliver(self, day: int, weekday: int, rows: dict[str, dict[str, Array]]) -> None:
        """Write the rows of one day, by feed."""
        p = self._p
        first_daily = p.days - p.daily_deliveries
        if "tickets" in rows:
            self._desk.hand_over(rows["tickets"])
        if weekday == 6 or day == 0 or day >= first_daily - 1:
            rows |= self._records.lists(day) | access_lists(day, self._access, self._world)
        for name in FEEDS:
            if name not in rows:
                continue
            feed, columns = FEEDS[name], rows[name]
            order = np.argsort(columns[feed.sort_by], kind="stable")
            columns = {column: values[order] for column, values in columns.items()}
            if name in self._counters:
                key = feed.columns[0].name
                columns[key] = self._counters[name] + np.arange(len(order))
                self._counters[name] += len(order)
            table = arrow_table(feed.columns, columns)
            if day < first_daily:
                self._history.add(feed, self._dirt.history(feed, table, last=day == first_daily - 1), p.first_day + day)
                continue
            delivered = self._dirt.daily(feed, table, day - first_daily)
            if delivered is not None:
                write_day(self._folder / folder_name(p.first_day + day), name, delivered, format_of(name, day - first_daily))
                self._rows[name] = self._rows.get(name, 0) + len(delivered)

    def close(self) -> dict[str, int]:
        """Close the history; returns the rows written by feed."""
        for feed, count in self._history.close().items():
            self._rows[feed] = self._rows.get(feed, 0) + count
        return self._rows
