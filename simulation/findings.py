"""Findings that people record outside the platform: audit and quality checks that see a few of the real slips.

The `findings` feed belongs here. Most findings carry one of our control ids, some the customer's own (CUST-QA).
"""

import numpy as np

from simulation.feeds import CONTROLS
from simulation.parameters import Parameters
from simulation.people import People
from simulation.tables import DAY, Array, Outbox


class Findings:
    """Finds one slip in twenty-five, some days or weeks later, and some things nobody else sees."""

    def __init__(self, parameters: Parameters, people: People, rng: np.random.Generator) -> None:
        self._p, self._people, self._rng = parameters, people, rng

    def step(self, day: int, found: dict[str, Array], outbox: Outbox) -> None:
        """Findings that come of today's slips (by control, row numbers of workers), and today's customer findings."""
        for control, workers in found.items():
            seen = workers[self._rng.random(len(workers)) < 0.04]
            self._put(day, control, seen, self._rng.integers(3, 28, len(seen)), outbox)
        here = np.flatnonzero(self._people.present(day))
        unlucky = here[self._rng.random(len(here)) < 0.00008]
        self._put(day, "CUST-QA", unlucky, np.zeros(len(unlucky), int), outbox)

    def _put(self, day: int, control: str, workers: Array, delay: Array, outbox: Outbox) -> None:
        count = len(workers)
        at = (self._p.first_day + day + delay) * DAY + self._rng.integers(9 * 3_600, 17 * 3_600, count)
        source = np.full(count, 3) if control == "CUST-QA" else self._rng.integers(0, 3, count)
        rows = {
            "control_id": np.full(count, CONTROLS.index(control)),
            "entity_kind": np.zeros(count, int),
            "entity_id": workers,
            "occurred_at": at,
            "source": source,
            "severity": self._rng.integers(0, 3, count),
        }
        outbox.put_by("findings", day + delay, rows, day)
