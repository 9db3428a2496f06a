"""Personnel papers: background screenings and signed documents, and the weekly or daily lists of people and processes.

The feeds `screenings`, `acknowledgements`, `workers`, `processes` and `process_assignments` belong here. They show facts
that people.py and world.py have decided; nothing is decided here but how late a paper comes. Failure rules: HR-01, HR-04.
"""

import numpy as np

from simulation.feeds import VERSIONS
from simulation.ledger import Ledger
from simulation.parameters import Parameters
from simulation.people import People
from simulation.tables import DAY, NULL, Array, Outbox
from simulation.world import World

DOCUMENTS = ((182, -120), (273, -200))  # code of conduct and NDA: days between versions, day of the first one
SIGN_DAYS, GRACE_DAYS = 25, 30  # most sign a new version within the first; the rule allows the second
CHECK_YEARS, RECHECK_DAYS = 5, 900


class Records:
    """Writes papers of new workers, and the lists."""

    def __init__(
        self, parameters: Parameters, people: People, world: World, rng: np.random.Generator, outbox: Outbox, ledger: Ledger
    ) -> None:
        self._p, self._people, self._world, self._rng, self._ledger = parameters, people, world, rng, ledger
        everyone = np.arange(len(people.w))
        hired = people.w.hired
        # Long-serving people were checked again, and signed the version that is now a few months old.
        checked = np.maximum(hired - 14, -rng.integers(30, RECHECK_DAYS, len(hired)))
        self._screen(everyone, hired, self._seconds(checked) + 10 * 3_600, 0, outbox)
        for document, (_, first) in enumerate(DOCUMENTS):
            at = np.where(
                hired > first, self._signs_on_entry(hired), self._seconds(first + rng.integers(0, SIGN_DAYS, len(hired)))
            )
            self._sign(everyone, document, 0, at, 0, outbox)

    def _seconds(self, day: Array | int) -> Array:
        return (self._p.first_day + np.asarray(day)) * DAY

    def _signs_on_entry(self, hired: Array) -> Array:
        """An hour before the first access."""
        return self._seconds(hired) + 4 * 3_600 - self._rng.integers(0, 1_800, len(hired))

    def _screen(self, worker: Array, hired: Array, clear: Array, earliest: int, outbox: Outbox) -> None:
        """Both checks, first pending and then clear."""
        entered = self._seconds(hired) + 4 * 3_600  # the records of a worker begin on the first day
        for kind in (0, 1):
            ever, done = np.full(len(worker), NULL), clear - kind * DAY
            for status, completed, updated in ((0, ever, entered), (1, done, np.maximum(done, entered + 60))):
                rows = {
                    "worker_id": worker,
                    "kind": np.full(len(worker), kind),
                    "status": np.full(len(worker), status),
                    "completed_at": completed,
                    "expires_at": np.where(completed == NULL, NULL, completed + CHECK_YEARS * 365 * DAY),
                    "updated_at": updated,
                }
                outbox.put_by("screenings", updated // DAY - self._p.first_day, rows, earliest)

    def _sign(self, worker: Array, document: int, version: int, at: Array, earliest: int, outbox: Outbox) -> None:
        rows = {
            "worker_id": worker,
            "document_id": np.full(len(worker), document),
            "version": np.full(len(worker), version),
            "signed_at": at,
        }
        outbox.put_by("acknowledgements", at // DAY - self._p.first_day, rows, earliest)

    def step(self, day: int, outbox: Outbox) -> None:
        """Papers of the workers hired for tomorrow, some too late; new versions of the documents."""
        new, rng = self._people.hired_today, self._rng
        if len(new):
            hired, process = self._people.w.hired[new], self._people.w.process[new]
            late = rng.random(len(new)) < self._world.trouble(-2.6, 0.6, backlog=1.0)[process]
            wait = np.where(late, rng.uniform(0.5, 8, len(new)), -rng.uniform(1, 12, len(new)))
            self._screen(new, hired, self._seconds(hired) + 10 * 3_600 + (wait * DAY).astype(np.int64), day + 1, outbox)
            self._ledger.fail("HR-01", hired[late], new[late], day)
            for document in range(len(DOCUMENTS)):
                self._sign(new, document, self._version(document, day + 1), self._signs_on_entry(hired), day + 1, outbox)
        for document, (every, first) in enumerate(DOCUMENTS):
            if day > 0 and (day - first) % every == 0:
                self._renew(day, document, outbox)

    def _version(self, document: int, day: int) -> int:
        every, first = DOCUMENTS[document]
        return min((day - first) // every, len(VERSIONS) - 1)

    def _renew(self, day: int, document: int, outbox: Outbox) -> None:
        """Everybody signs the new version, most of them in time."""
        people, rng = self._people, self._rng
        here = np.flatnonzero(people.present(day))
        process = people.w.process[here]
        log_odds = (
            -3.5 + 1.0 * people.carelessness()[here] + 0.9 * self._world.backlog[process] + 0.3 * self._world.slack[process]
        )
        chance = 1 / (1 + np.exp(-log_odds))
        late = rng.random(len(here)) < chance
        after = np.where(late, GRACE_DAYS + 2 + rng.exponential(12, len(here)), SIGN_DAYS * rng.random(len(here)))
        at = self._seconds(day) + 36_000 + (after * DAY).astype(np.int64)
        self._sign(here, document, self._version(document, day), at, day, outbox)
        self._ledger.chance("HR-04", day + GRACE_DAYS, here, chance)
        self._ledger.fail("HR-04", day + GRACE_DAYS, here[late], day)

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
