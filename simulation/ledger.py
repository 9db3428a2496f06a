"""What goes wrong today, as the parts of the world report it: failures by the day they show, and the chance they had.

Only collecting belongs here: engine.py reads it at the end of the day and hands it to truth.py and findings.py. Chances are those
that the draw used, so that the truth never says more than the hidden path.
"""

import numpy as np

from simulation.tables import Array, Outbox


class Ledger:
    """Failures of workers and processes by control and day, and the chances they had."""

    def __init__(self) -> None:
        self._failures = (Outbox(), Outbox())
        self._chances = (Outbox(), Outbox())

    def fail(self, control: str, days: Array | int, workers: Array, earliest: int) -> None:
        """These workers break a control in a way that shows on these days."""
        self._failures[0].put_by(control, np.broadcast_to(days, len(workers)), {"who": workers}, earliest)

    def fail_process(self, control: str, days: Array | int, processes: Array, earliest: int) -> None:
        """The same for processes."""
        self._failures[1].put_by(control, np.broadcast_to(days, len(processes)), {"who": processes}, earliest)

    def chance(self, control: str, day: int, workers: Array, chance: Array) -> None:
        """On this day each of these workers breaks the control with this chance, whatever else may happen."""
        self._chances[0].put(control, day, {"who": workers, "chance": chance})

    def process_chance(self, control: str, day: int, processes: Array, chance: Array) -> None:
        """The same for processes."""
        self._chances[1].put(control, day, {"who": processes, "chance": chance})

    def take(self, day: int) -> tuple[dict[str, Array], dict[str, Array]]:
        """Failures that show today, by control: row numbers of workers, and of processes."""
        agents, processes = (box.take(day) for box in self._failures)
        return {name: rows["who"] for name, rows in agents.items()}, {name: rows["who"] for name, rows in processes.items()}

    def take_hazards(self, day: int, workers: int, processes: int) -> tuple[dict[str, Array], dict[str, Array]]:
        """Today's hazards by control (-log of the chance that nothing happens), one value per worker and per process."""
        agents, of_processes = (box.take(day) for box in self._chances)
        return _hazards(agents, workers), _hazards(of_processes, processes)


def _hazards(chances: dict[str, dict[str, Array]], count: int) -> dict[str, Array]:
    return {
        control: np.bincount(rows["who"], -np.log1p(-np.minimum(rows["chance"], 0.999)), count)
        for control, rows in chances.items()
    }
