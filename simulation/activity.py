"""Ordinary log-ins and data accesses of one day: the bulk of the rows, all drawn in whole columns.

What people do who do nothing wrong belongs here: log-ins on shift, and customer records opened for their own tickets while they
work on them. Slips are in traces.py, the rows in events.py.
"""

import numpy as np

from simulation.access import Access
from simulation.events import DOWNLOAD, EXPORTS, SEARCH, UNMASK, VIEW, Events
from simulation.parameters import Parameters
from simulation.people import People
from simulation.profiles import AGENT
from simulation.roster import AtWork
from simulation.tables import DAY, Array
from simulation.work import DayWork


class Activity:
    """Draws the ordinary events of one day."""

    def __init__(self, parameters: Parameters, people: People, access: Access, events: Events, rng: np.random.Generator) -> None:
        self._p, self._people, self._access, self._events, self._rng = parameters, people, access, events, rng
        self._log_ins = 1 + 0.05 * parameters.events_per_shift

    def step(self, day: int, at_work: AtWork, work: DayWork, tools: Array, without_mfa: Array) -> None:
        """Draw the events of today's shifts.

        Args:
            day: today.
            at_work: who is on shift.
            work: their tickets of today.
            tools: tool accounts used today.
            without_mfa: mask over those at work, the log-in to the application lacks the second factor.
        """
        rng, access, log_in = self._rng, self._access, self._events.log_in
        workers, length = at_work.worker, at_work.ends - at_work.starts
        application = access.of.application[workers]
        row = np.repeat(np.arange(len(workers)), rng.poisson(self._log_ins - 1, len(workers)))
        log_in(day, access.of.desk[workers], at_work.starts + rng.integers(-900, 900, len(workers)))
        begins = at_work.starts + rng.integers(900, 2_400, len(workers))
        log_in(day, application, begins, is_mfa=np.where(without_mfa, 0, 1))
        log_in(
            day, application[row], at_work.starts[row] + 2_400 + (rng.random(len(row)) * (length[row] - 2_400)).astype(np.int64)
        )
        midnight = (self._p.first_day + day + 1) * DAY
        over = np.flatnonzero(at_work.ends > midnight + 1_800)  # sessions end at midnight
        log_in(day, application[over], midnight + rng.integers(60, 1_500, len(over)))
        starts = np.zeros(len(self._people.w), np.int64)
        starts[workers] = at_work.starts
        log_in(day, tools, starts[access.a.owner[tools]] + rng.integers(3_600, 7 * 3_600, len(tools)))

        count = rng.poisson(max(self._p.events_per_shift - self._log_ins - 1, 0.5), len(workers))
        self._records(day, at_work, application, np.repeat(np.arange(len(workers)), count), work)

    def _records(self, day: int, at_work: AtWork, application: Array, row: Array, work: DayWork) -> None:
        """One access per entry of `row`: to the customer of one of the agent's tickets of today, while the agent works on it. Who
        has no ticket searches without opening anybody's record. The careless more often do not name the ticket.
        """
        rng, count = self._rng, len(row)
        length = (at_work.ends - at_work.starts)[row]
        at = at_work.starts[row] + 1_200 + (rng.random(count) * (length - 1_200)).astype(np.int64)
        action = np.searchsorted(np.cumsum([0.72, 0.20, 0.012, 0.018, 0.02]), rng.random(count)).astype(np.int64)
        careful = np.clip(0.95 - 0.06 * (np.exp(0.8 * self._people.carelessness()) - 1), 0.4, 0.99)
        names = rng.random(count) < careful[at_work.worker[row]]
        has = work.count[row] > 0
        pick = np.where(has, work.first[row] + (rng.random(count) * work.count[row]).astype(np.int64), 0)
        ticket, customer = np.full(count, -1), np.full(count, -1)
        if len(work.number):
            opened, ends = work.opened[pick], work.ends[pick]
            at = np.where(has, opened + (rng.random(count) * (ends - opened)).astype(np.int64), at)
            customer = np.where(has, work.customer[pick], -1)
            ticket = np.where(has, work.number[pick], -1)
        is_senior = self._people.w.role[at_work.worker[row]] != AGENT
        action = np.where((action == UNMASK) & ~(has & is_senior), VIEW, action)
        action = np.where(has, action, SEARCH)
        ticket = np.where(names | (action == UNMASK), ticket, -1)
        size = rng.random(count)
        bulky = (action == EXPORTS) | (action == DOWNLOAD)
        records = np.where(action == SEARCH, 1 + 14 * size, np.where(bulky, 3 + 30 * size, 1)).astype(np.int64)
        self._events.use(day, application[row], at, action, records, customer, ticket)
