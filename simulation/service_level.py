"""How a ticket's chance to be late becomes an agent's or a process's chance to fail OPS-04 in a week.

The rule: at the end of some day of the ISO week at least five tickets are finished, and more than one in ten of them late.
The probabilities and the count of real weeks belong here.
"""

import numpy as np

from simulation.tables import Array

LIMIT, ENOUGH = 0.10, 5
MOST = 24  # late tickets of one agent in one week that the table covers
VOLUMES = np.array([1, 2, 4, 6, 8, 10, 12, 15, 20, 30], float)  # tickets finished in the week


def fails(finished: Array, late: Array) -> Array:
    """Mask: these counts break the rule."""
    return (finished >= ENOUGH) & (late > LIMIT * finished)


def _table() -> Array:
    """Chance to fail given `b` late tickets (columns) in a week of mean volume (rows), by 4,000 simulated weeks each."""
    rng = np.random.default_rng(20_261_031)
    table = np.zeros((len(VOLUMES), MOST + 1))
    for row, volume in enumerate(VOLUMES):
        good = rng.poisson(volume / 7, (4_000, 7)).cumsum(axis=1)
        for count in range(1, MOST + 1):
            late = rng.multinomial(count, np.full(7, 1 / 7), 4_000).cumsum(axis=1)
            table[row, count] = fails(good + late, late).any(axis=1).mean()
    return table


class ServiceLevel:
    """Weekly chances to fail, and the week's real counts."""

    def __init__(self, processes: int) -> None:
        self._table = _table()
        self._rng = np.random.default_rng(4)
        self._processes = processes
        self.restart(0)

    def restart(self, agents: int) -> None:
        """A new week: all counts are zero."""
        self._finished, self._late = np.zeros(agents, int), np.zeros(agents, int)
        self._failed = np.zeros(agents, bool)
        self._process_finished, self._process_late = np.zeros(self._processes, int), np.zeros(self._processes, int)
        self._process_failed = np.zeros(self._processes, bool)

    def count(self, worker: Array, process: Array, late: Array, agents: int) -> tuple[Array, Array]:
        """Add the tickets finished today; returns the agents and processes that fail this week for the first time."""
        grow = agents - len(self._finished)
        if grow > 0:
            self._finished, self._late = np.pad(self._finished, (0, grow)), np.pad(self._late, (0, grow))
            self._failed = np.pad(self._failed, (0, grow))
        self._finished += np.bincount(worker, minlength=agents)
        self._late += np.bincount(worker[late], minlength=agents)
        self._process_finished += np.bincount(process, minlength=self._processes)
        self._process_late += np.bincount(process[late], minlength=self._processes)
        new = fails(self._finished, self._late) & ~self._failed
        new_process = fails(self._process_finished, self._process_late) & ~self._process_failed
        self._failed |= new
        self._process_failed |= new_process
        return np.flatnonzero(new), np.flatnonzero(new_process)

    def agent_chance(self, volume: Array, late: Array) -> Array:
        """Chance to fail in a week with these mean numbers of finished and of late tickets."""
        at = np.clip(np.interp(volume, VOLUMES, np.arange(len(VOLUMES))), 0, len(VOLUMES) - 1.001)
        low = at.astype(int)
        weight = at - low
        mean, chance, poisson = np.minimum(late, MOST / 2), np.zeros(len(volume)), np.exp(-np.minimum(late, MOST / 2))
        for count in range(1, MOST + 1):
            poisson = poisson * mean / count
            chance += poisson * ((1 - weight) * self._table[low, count] + weight * self._table[low + 1, count])
        return chance

    def process_chance(self, volume: Array, late: Array) -> Array:
        """The same for processes, by 400 simulated weeks each."""
        bad = self._rng.poisson(late[:, None, None] / 7, (len(late), 400, 7)).cumsum(axis=2)
        good = self._rng.poisson(np.maximum(volume - late, 0)[:, None, None] / 7, (len(late), 400, 7)).cumsum(axis=2)
        return np.asarray(fails(good + bad, bad).any(axis=2).mean(axis=1))
