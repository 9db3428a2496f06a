"""The yearly security awareness course, which comes in waves; its rows and those of the other courses of the `trainings` feed.

Who is late with the awareness course belongs here. The course of a process is in certificates.py, other papers in records.py.
Failure rule it can break (HR-02): last completion more than 365 days ago, or never and employed for more than 30 days.
"""

import numpy as np

from simulation.parameters import Parameters
from simulation.people import People
from simulation.roster import AtWork
from simulation.tables import DAY, NULL, Array, Outbox, Table
from simulation.world import World

WAVE_DAYS = 73  # five waves a year
LEAD_DAYS = 30  # a course is assigned this long before it is overdue


def course_rows(
    worker: Array, assigned: Array, due: Array, completed: Array, updated: Array, scope: Array | None = None
) -> dict[str, Array]:
    """Rows of `trainings`: the awareness course, or the course of the process `scope`."""
    done = completed != NULL
    return {
        "worker_id": worker,
        "course_id": np.full(len(worker), 0 if scope is None else 1),
        "scope": np.full(len(worker), -1) if scope is None else scope,
        "assigned_at": assigned,
        "due_at": due,
        "completed_at": completed,
        "expires_at": np.where(done, completed + 365 * DAY, NULL),
        "score": np.where(done, 70 + (worker * 37 + updated // DAY) % 31, -1),
        "updated_at": updated,
    }


class Training:
    """Awareness courses of everybody: when last done, when assigned again, and the day it becomes a failure."""

    def __init__(self, parameters: Parameters, people: People, world: World, rng: np.random.Generator, outbox: Outbox) -> None:
        self._p, self._people, self._world, self._rng = parameters, people, world, rng
        self.t = Table(len(people.w), done=np.int64, assigned=np.int64, overdue=np.int64)
        w = people.w
        wave = rng.integers(0, 5, world.count)[w.process] * WAVE_DAYS + rng.integers(0, 40)
        done = wave + np.round(rng.normal(0, 9, len(w))).astype(int) - 366
        done = np.where(done > -2, done - 365, done)
        done = np.maximum(done, w.hired + rng.integers(3, 25, len(w)))
        never = done >= 0
        done = np.where(never, NULL, done)
        overdue = np.where(never, w.hired + 31, done + 366)
        assigned = np.where(never, w.hired, np.where(overdue - LEAD_DAYS <= 0, overdue - LEAD_DAYS, NULL))
        self.t.append(len(w), done=done, assigned=assigned, overdue=overdue)
        had = np.flatnonzero(~never)
        at = self._seconds(done[had]) + rng.integers(8 * 3_600, 17 * 3_600, len(had))
        outbox.put("trainings", 0, course_rows(had, self._seconds(done[had] - 20), self._seconds(done[had] + 10), at, at))
        open_now = np.flatnonzero(assigned != NULL)
        self._assign(0, open_now, outbox)

    def _seconds(self, day: Array) -> Array:
        return (self._p.first_day + day) * DAY

    def _assign(self, day: int, workers: Array, outbox: Outbox) -> None:
        at = self._seconds(self.t.assigned[workers]) + 6 * 3_600
        none = np.full(len(workers), NULL)
        outbox.put("trainings", day, course_rows(workers, at, self._seconds(self.t.overdue[workers]) - 1, none, at))

    def intensity(self, day: int) -> Array:
        """Hidden: chance that an open course is completed on a day at work."""
        people, w, world = self._people, self._people.w, self._world
        strain = 0.45 * world.slack + 1.1 * world.backlog
        log = self._p.completion - 0.45 * people.carelessness() - strain[w.process] - 0.5 * people.on_notice(day)
        return np.minimum(np.exp(log), 0.6)

    def step(self, day: int, at_work: AtWork, outbox: Outbox) -> tuple[Array, Array]:
        """Assign, complete, and find who has become overdue today.

        Returns:
            Today's completion intensity per worker, and the workers who fail today.
        """
        people, w, t = self._people, self._people.w, self.t
        new = np.arange(len(t), len(w))
        if len(new):
            t.append(len(new), done=NULL, assigned=w.hired[new], overdue=w.hired[new] + 31)
            outbox.put(
                "trainings",
                day + 1,
                course_rows(
                    new,
                    self._seconds(w.hired[new]) + 21_600,
                    self._seconds(w.hired[new] + 31) - 1,
                    np.full(len(new), NULL),
                    self._seconds(w.hired[new]) + 21_600,
                ),
            )
        present = people.present(day)
        due = np.flatnonzero(present & (t.assigned == NULL) & (t.overdue - LEAD_DAYS <= day))
        t.assigned[due] = day
        self._assign(day, due, outbox)

        intensity = self.intensity(day)
        worker = at_work.worker[(t.assigned[at_work.worker] != NULL) & (t.assigned[at_work.worker] <= day)]
        starts = at_work.starts[(t.assigned[at_work.worker] != NULL) & (t.assigned[at_work.worker] <= day)]
        chased = np.where(t.overdue[worker] < day, 3.0, 1.0)
        finish = self._rng.random(len(worker)) < 1 - np.exp(-intensity[worker] * chased)
        worker, starts = worker[finish], starts[finish]
        at = np.minimum(
            starts + self._rng.integers(1_800, 7 * 3_600, len(worker)), self._seconds(np.full(len(worker), day + 1)) - 1
        )
        outbox.put(
            "trainings",
            day,
            course_rows(worker, self._seconds(t.assigned[worker]) + 21_600, self._seconds(t.overdue[worker]) - 1, at, at),
        )
        t.done[worker], t.assigned[worker], t.overdue[worker] = day, NULL, day + 366
        late = np.flatnonzero(present & (t.overdue == day) & (t.assigned != NULL))
        return intensity, late
