"""Who works when: shifts published the day before, overtime, leave and absence.

The `shifts` feed and the list of people at work today belong here. Why overtime is asked for is in world.py; accesses
outside the roster are in activity.py.
"""

from dataclasses import dataclass

import numpy as np

from simulation.parameters import PATTERN_STARTS, SHIFT_SECONDS, Parameters
from simulation.people import People
from simulation.tables import DAY, NULL, Array, Outbox
from simulation.world import World

SCHEDULED, OVERTIME, LEAVE, ABSENCE = range(4)


@dataclass(frozen=True)
class AtWork:
    """The people on shift today: row numbers and the seconds between which they work (overtime included)."""

    worker: Array
    starts: Array
    ends: Array
    off: Array
    """Employed, but not on shift today (rest day, leave or absent)."""


class Roster:
    """Publishes the shifts of tomorrow, then says who really came."""

    def __init__(self, parameters: Parameters, people: People, rng: np.random.Generator) -> None:
        self._p, self._people, self._rng = parameters, people, rng
        self._planned, self._starts = np.zeros(0, int), np.zeros(0, int)

    def publish(self, day: int, outbox: Outbox) -> None:
        """Put the roster of `day` into the delivery of the day before."""
        w, p = self._people.w, self._p
        weekday, week = (p.first_day + day + 3) % 7, (p.first_day + day + 3) // 7
        due = (w.hired <= day) & ~w.gone & ((w.leaves == NULL) | (w.leaves > day)) & ((weekday - w.off) % 7 >= 2)
        workers = np.flatnonzero(due)
        pattern = w.pattern[workers]
        hour = np.where((pattern == 3) & (week % 2 == 1), 14, np.array(PATTERN_STARTS)[pattern])
        starts = (p.first_day + day) * DAY + hour * 3_600
        on_leave = w.leave_until[workers] >= day
        updated = (p.first_day + day - 1) * DAY + 12 * 3_600 + np.arange(len(workers)) % 3_600
        outbox.put(
            "shifts",
            max(day - 1, 0),
            self._rows(
                workers, starts, starts + SHIFT_SECONDS, np.where(on_leave, LEAVE, SCHEDULED), np.ones(len(workers), int), updated
            ),
        )
        self._planned, self._starts = workers[~on_leave], starts[~on_leave]

    def work(self, day: int, world: World, outbox: Outbox) -> AtWork:
        """Absences and overtime of today; tired people carry their overtime for weeks."""
        w, rng, people = self._people.w, self._rng, self._people
        worker, starts = self._planned, self._starts
        keep = ~w.gone[worker]
        worker, starts = worker[keep], starts[keep]
        absent = rng.random(len(worker)) < 0.013
        outbox.put(
            "shifts",
            day,
            self._rows(
                worker[absent],
                starts[absent],
                starts[absent] + SHIFT_SECONDS,
                np.full(absent.sum(), ABSENCE),
                np.ones(absent.sum(), int),
                starts[absent] + 1_200,
            ),
        )
        worker, starts = worker[~absent], starts[~absent]
        willing = np.exp(0.5 * np.tanh(w.trait[worker]))
        stays = rng.random(len(worker)) < world.overtime[w.process[worker]] * willing
        hours = np.where(stays, rng.integers(1, 4, len(worker)), 0)
        ends = starts + SHIFT_SECONDS + hours * 3_600
        outbox.put(
            "shifts",
            day,
            self._rows(
                worker[stays],
                starts[stays] + SHIFT_SECONDS,
                ends[stays],
                np.full(stays.sum(), OVERTIME),
                np.ones(stays.sum(), int),
                starts[stays] + 1_800,
            ),
        )
        w.fatigue[:] *= 0.955
        w.fatigue[worker] += 0.055 * hours
        off = people.present(day)
        off[worker] = False
        return AtWork(worker, starts, ends, np.flatnonzero(off))

    @staticmethod
    def _rows(worker: Array, starts: Array, ends: Array, kind: Array, approved: Array, updated: Array) -> dict[str, Array]:
        return {
            "worker_id": worker,
            "starts_at": starts,
            "ends_at": ends,
            "kind": kind,
            "is_approved": approved,
            "updated_at": updated,
        }

    def unapproved(self, worker: Array, starts: Array, ends: Array) -> dict[str, Array]:
        """Rows of overtime that nobody approved."""
        return self._rows(worker, starts, ends, np.full(len(worker), OVERTIME), np.zeros(len(worker), int), starts)
