"""Personnel papers: background screenings and signed documents, and the weekly or daily lists of people and processes.

The feeds `screenings`, `acknowledgements`, `workers`, `processes` and `process_assignments` belong here. They show facts
that people.py and world.py have decided; nothing is decided here but how late a paper comes.
"""

import numpy as np

from simulation.parameters import Parameters
from simulation.people import People
from simulation.tables import DAY, NULL, Array, Outbox, spread
from simulation.world import World

NEW_VERSION_DAYS = 182  # a new version of the code of conduct every half year


class Records:
    """Writes papers of new workers, and the lists."""

    def __init__(self, parameters: Parameters, people: People, world: World, outbox: Outbox) -> None:
        self._p, self._people, self._world = parameters, people, world
        everyone = np.arange(len(people.w))
        self._papers(everyone, people.w.hired, 0, outbox)

    def _seconds(self, day: Array) -> Array:
        return (self._p.first_day + day) * DAY

    def _papers(self, worker: Array, hired: Array, earliest: int, outbox: Outbox) -> None:
        entered = self._seconds(hired) + 5 * 3_600  # the records of a worker begin on the first day
        for kind in (0, 1):
            clear = self._seconds(hired - 14) + ((1.4 + 16 * spread(worker, 11 + kind) ** 2) * DAY).astype(np.int64)
            ever = np.full(len(worker), NULL)
            for status, completed, updated in ((0, ever, entered), (1, clear, np.maximum(clear, entered + 60))):
                rows = {
                    "worker_id": worker,
                    "kind": np.full(len(worker), kind),
                    "status": np.full(len(worker), status),
                    "completed_at": completed,
                    "expires_at": np.where(completed == NULL, NULL, completed + 1_095 * DAY),
                    "updated_at": updated,
                }
                outbox.put_by("screenings", updated // DAY - self._p.first_day, rows, earliest)
        for document in (0, 1):
            self._sign(worker, document, 0, self._seconds(hired) + 10 * 3_600, earliest, outbox)

    def _sign(self, worker: Array, document: int, version: int, at: Array, earliest: int, outbox: Outbox) -> None:
        at = at + (3 * DAY * spread(worker, 31 + document + 7 * version) ** 3).astype(np.int64)
        rows = {
            "worker_id": worker,
            "document_id": np.full(len(worker), document),
            "version": np.full(len(worker), version),
            "signed_at": at,
        }
        outbox.put_by("acknowledgements", at // DAY - self._p.first_day, rows, earliest)

    def step(self, day: int, outbox: Outbox) -> None:
        """Papers of the workers hired for tomorrow; a new version of the code of conduct twice a year."""
        new = self._people.hired_today
        if len(new):
            self._papers(new, self._people.w.hired[new], day + 1, outbox)
        if day % NEW_VERSION_DAYS == 20:
            here = np.flatnonzero(self._people.present(day) & (self._people.w.resigned == NULL))
            delay = (25 * DAY * spread(here, 51 + day)).astype(np.int64)
            self._sign(
                here, 0, min(1 + day // NEW_VERSION_DAYS, 3), self._seconds(np.full(len(here), day)) + 36_000 + delay, day, outbox
            )

    def lists(self, day: int) -> dict[str, dict[str, Array]]:
        """The whole lists of workers, processes and assignments as of the end of this day."""
        w, world, people = self._people.w, self._world, self._people
        known = np.flatnonzero(w.hired <= day)
        site = world.site[w.process[known]]
        absent = (w.leave_until[known] >= day).astype(int)
        status = np.where(w.gone[known], 3, np.where(w.resigned[known] != NULL, 2, absent))
        left = np.where(w.gone[known], w.leaves[known], NULL)
        lead = people.lead[w.team[known]]
        workers = {
            "worker_id": known,
            "email": known,
            "employment_status": status,
            "employment_type": w.contractor[known].astype(int),
            "job_role": w.role[known],
            "team": w.team[known],
            "site": site,
            "country": site,
            "shift_pattern": w.pattern[known],
            "manager_id": np.where(lead == known, -1, lead),
            "hire_date": self._dates(w.hired[known]),
            "resignation_date": self._dates(w.resigned[known]),
            "termination_date": self._dates(left),
        }
        number = np.arange(world.count)
        first_lead = people.lead[np.cumsum(people.teams) - people.teams]
        processes = {
            "process_id": number,
            "name": world.line,
            "client_id": world.client,
            "site": world.site,
            "criticality": world.criticality,
            "regulated": world.regulated,
            "owner_id": first_lead,
            "approved_countries": np.array([0, 0, 1, 2])[world.site],
        }
        a = people.assignments
        rows = np.flatnonzero(a.start <= day)
        assignments = {
            "worker_id": a.worker[rows],
            "process_id": a.process[rows],
            "assigned_from": self._dates(a.start[rows]),
            "assigned_to": self._dates(np.where(a.end[rows] > day, NULL, a.end[rows])),
        }
        return {"workers": workers, "processes": processes, "process_assignments": assignments}

    def _dates(self, day: Array) -> Array:
        return np.where(day == NULL, NULL, day + self._p.first_day)
