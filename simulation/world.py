"""The hidden state of the processes and of the IT queue: what makes everybody's week easier or harder.

Drift, regime changes, demand, backlog and overtime belong here. People (people.py) feel it and feeds only show its traces.
Nothing here is delivered, except the plain facts of a process (its client, site and criticality).
"""

import numpy as np

from simulation.parameters import Parameters
from simulation.tables import Array


class World:
    """Processes and the IT queue, stepped once a day.

    Attributes:
        slack: per process, how loose its discipline is (0 is normal, above is worse); AR(1) around a mean that jumps.
        backlog: per process, work left over in days of normal work (0 to 1.6).
        overtime: per process, the chance that an agent on shift is asked to stay longer.
        queue: the IT queue's congestion in log-odds (0 is normal).
        recruiting: multiplier on hiring.
    """

    def __init__(self, parameters: Parameters, rng: np.random.Generator) -> None:
        self._rng = rng
        count = parameters.processes
        self.count = count
        weights = rng.dirichlet(np.full(count, 4.0))
        self.target = np.maximum((weights * parameters.agents).astype(int), min(5, parameters.agents // count))
        self.target[np.argmax(self.target)] += parameters.agents - self.target.sum()
        self.site = rng.integers(0, 4, count)
        self.client = np.arange(count) * 2 // 3
        self.line = rng.integers(0, 8, count)
        self.criticality = rng.choice(4, count, p=[0.2, 0.4, 0.3, 0.1])
        # By client: its processes share one application.
        self.regulated = rng.choice([-1, 0, 1, 2, 3], count, p=[0.3, 0.25, 0.15, 0.2, 0.1])[self.client]
        self.around_the_clock = rng.random(count) < 0.5
        self.mean_slack = rng.normal(0, 0.5, count)
        self.slack = self.mean_slack + rng.normal(0, 0.5, count)
        self._demand = rng.normal(0, 0.05, count)
        self._surge = np.zeros(count)
        self._surge_end = np.zeros(count, int)
        self.backlog = rng.uniform(0, 0.25, count)
        self.overtime = np.full(count, 0.06)
        self._queue_noise, self._freeze_end, self.queue = 0.0, -1, 0.0
        self._queue_load = 0.0
        self.recruiting = 1.0

    def step(self, day: int, capacity: Array, queue_arrivals: float) -> None:
        """One day on.

        Args:
            day: day number, 0 is the first.
            capacity: per process, productive work available today over what is needed in normal times (1 = fully staffed).
            queue_arrivals: access requests and removals of the day over their usual number.
        """
        rng, count = self._rng, self.count
        new_manager = rng.random(count) < 1 / 240
        self.mean_slack = np.where(new_manager, rng.normal(0, 0.75, count), self.mean_slack)
        self.slack += 0.03 * (self.mean_slack - self.slack) + rng.normal(0, 0.11, count)

        starts = (rng.random(count) < 1 / 170) & (self._surge_end <= day)
        lasts = rng.integers(21, 50, count)
        self._surge_end = np.where(starts, day + lasts, self._surge_end)
        self._surge = np.where(starts, rng.uniform(0.15, 0.5, count), np.where(self._surge_end > day, self._surge, 0.0))
        self._demand += -0.05 * self._demand + rng.normal(0, 0.018, count)
        pressure = 0.97 + self._demand + self._surge - np.maximum(capacity, 0.3) * (1 + 0.2 * self.overtime)
        self.backlog = np.clip(0.93 * self.backlog + 0.17 * pressure + rng.normal(0, 0.012, count), 0, 1.6)
        self.overtime = np.clip(0.03 + 0.55 * self.backlog + 0.12 * np.maximum(self._demand, 0), 0.02, 0.7)

        if rng.random() < 1 / 110 and self._freeze_end < day:  # a project, an outage, a week of holidays in IT
            self._freeze_end = day + int(rng.integers(8, 30))
        self._queue_noise += -0.06 * self._queue_noise + rng.normal(0, 0.22)
        self._queue_load += 0.10 * (queue_arrivals - self._queue_load)
        self.queue = self._queue_noise + 0.7 * (self._queue_load - 1) + (1.9 if self._freeze_end > day else 0.0)
        self.recruiting = float(np.clip(self.recruiting + 0.03 * (1 - self.recruiting) + rng.normal(0, 0.06), 0.2, 1.8))

    def trouble(self, base: float, slack: float, backlog: float = 0.0, queue: float = 0.0) -> Array:
        """Hidden: per process, a chance with these log-odds in normal times and strengths of the hidden causes."""
        log_odds = base + slack * self.slack + backlog * self.backlog + queue * self.queue
        return np.asarray(1 / (1 + np.exp(-log_odds)))

    def demand(self) -> Array:
        """Per process, tickets coming in over the normal number."""
        return np.clip(1 + self._demand + self._surge, 0.6, 1.6)
