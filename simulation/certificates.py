"""The course of each process: done before the first day in it, and again every year.

Who holds a certificate for the process they work in belongs here; the rows have the shape of training.py. Failure rule it can
break (HR-03): work or access in a process before its course is done, or after the certificate has expired.
"""

import numpy as np

from simulation.ledger import Ledger
from simulation.parameters import MOVED_UNTRAINED, Parameters
from simulation.people import People
from simulation.tables import DAY, NULL, Array, Outbox, Table
from simulation.training import course_rows
from simulation.world import World

VALID_DAYS = 365
DECIDED_BEFORE = 20  # days before the end at which a worker renews in time, or will be late


class Certificates:
    """When each worker did the course of the present process last; a day to come where the renewal is settled already."""

    def __init__(self, parameters: Parameters, people: People, world: World, rng: np.random.Generator, outbox: Outbox) -> None:
        self._p, self._people, self._world, self._rng = parameters, people, world, rng
        w = people.w
        everyone = np.arange(len(w))
        again = -rng.integers(1, VALID_DAYS - DECIDED_BEFORE, len(w))
        self._complete(everyone, w.since - 6, w.since - 1, np.full(len(w), NULL), outbox, 0)
        old = everyone[w.since - 1 < -VALID_DAYS + DECIDED_BEFORE]
        self._complete(old, again[old] - 10, again[old], np.full(len(old), NULL), outbox, 0)
        self.t = Table(len(w), done=np.int64)
        self.t.append(len(w), done=np.where(np.isin(everyone, old), again, w.since - 1))

    def _seconds(self, day: Array) -> Array:
        return (self._p.first_day + day) * DAY

    def _complete(self, worker: Array, assigned: Array, done: Array, known: Array, outbox: Outbox, earliest: int) -> None:
        """One completed course each, known on `known` (early in the morning) or, where that is NULL, when it is done."""
        at = self._seconds(done) + self._rng.integers(8 * 3_600, 17 * 3_600, len(worker))
        updated = np.where(known == NULL, at, self._seconds(np.where(known == NULL, 0, known)) + 3_600)
        start = self._seconds(assigned) + 7 * 3_600
        rows = course_rows(worker, start, start + 7 * DAY, at, updated, self._people.w.process[worker])
        outbox.put_by("trainings", updated // DAY - self._p.first_day, rows, earliest)

    def step(self, day: int, outbox: Outbox, ledger: Ledger) -> None:
        """Courses of those who begin in a process, and renewals of this day; some of both come too late."""
        people, w, t, rng = self._people, self._people.w, self.t, self._rng
        new, moved = np.arange(len(t), len(w)), people.moved_today
        t.append(len(new))
        careless = self._world.trouble(-1.7, 0.5, backlog=0.9)
        if people.moving.any():
            here = np.flatnonzero(people.present(day))
            ledger.chance(MOVED_UNTRAINED, day, here, np.full(len(here), 7 * self._p.move_rate * (careless @ people.going)))
        ledger.process_chance("HR-03", day, w.process[new], careless[w.process[new]])
        for worker, first in ((new, day + 1), (moved, day)):
            late = rng.random(len(worker)) < careless[w.process[worker]]
            start = np.full(len(worker), first)
            t.done[worker] = start + np.where(late, rng.integers(1, 6, len(worker)), -1)
            known = np.where(late, NULL, start)
            self._complete(worker, start - np.where(late, 0, 6), t.done[worker], known, outbox, first)
            ledger.fail("HR-03", start[late], worker[late], day)

        due = np.flatnonzero(people.present(day) & (t.done + VALID_DAYS - DECIDED_BEFORE == day))
        end = day + DECIDED_BEFORE
        log_odds = -3.1 + 1.0 * people.carelessness()[due] + 0.9 * self._world.backlog[w.process[due]]
        chance = 1 / (1 + np.exp(-log_odds - 0.4 * self._world.slack[w.process[due]]))
        late = rng.random(len(due)) < chance
        t.done[due] = np.where(late, end + 2 + rng.integers(0, 15, len(due)), day + rng.integers(1, 16, len(due)))
        self._complete(due, np.full(len(due), day), t.done[due], np.full(len(due), NULL), outbox, day)
        ledger.chance("HR-03", end, due, chance)
        ledger.fail("HR-03", end, due[late], day)
