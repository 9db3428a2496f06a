"""What shows of today's slips and neglect: gathers it from where it was reported and tells the truth.

Which failure counts for whom belongs here. Hazards are in truth.py, the chance to be found by an audit in findings.py.
"""

import numpy as np

from simulation.ledger import Ledger
from simulation.parameters import OF_STAFF
from simulation.people import People
from simulation.roster import AtWork
from simulation.tables import Array
from simulation.traces import Slipped
from simulation.truth import Truth


class Outcomes:
    """Counts the failures of one day."""

    def __init__(self, people: People, ledger: Ledger, truth: Truth) -> None:
        self._people, self._ledger, self._truth = people, ledger, truth

    def step(
        self,
        day: int,
        weekday: int,
        at_work: AtWork,
        slipped: Slipped,
        states: dict[str, Array],
        work: dict[str, dict[str, Array]],
    ) -> dict[str, Array]:
        """Tell the truth what failed today; a process fails with its staff.

        Args:
            day: today.
            weekday: 0 is Monday.
            at_work: who is on shift.
            slipped: who slips today.
            states: workers with something that falls due today, by control.
            work: what work.py reported for today (feeds `slips`, `detours`, `finished`, `incidents`).

        Returns:
            Row numbers of the failing workers by control.
        """
        w, truth, none = self._people.w, self._truth, np.zeros(0, int)
        found = {control: at_work.worker[mask] for control, mask in slipped.at_work.items()} | states
        home = slipped.from_home
        found["DATA-04"] = np.concatenate([found["DATA-04"], home])
        found["ACC-06"] = np.concatenate([found["ACC-06"], home[w.leave_until[home] >= day]])  # used while its holder is on leave
        found["OPS-01"] = work.get("slips", {"worker": none})["worker"]
        found["OPS-02"] = work.get("detours", {"worker": none})["worker"]
        neglected, processes = self._ledger.take(day)
        found |= {control: workers[~w.gone[workers]] for control, workers in neglected.items()}
        for control, workers in found.items():
            truth.fail(day, control, workers)
            if control in OF_STAFF:
                truth.fail(day, control, w.process[workers], process=True)
        truth.fail(day, "ACC-01", w.process[found["JML-01"]], process=True)  # the account of somebody who left has no owner
        for control, entities in processes.items():
            truth.fail(day, control, entities, process=True)
        truth.fail(day, "INC-01", work.get("incidents", {"process": none})["process"], process=True)
        self._service_levels(day, weekday, work)
        return found

    def _service_levels(self, day: int, weekday: int, work: dict[str, dict[str, Array]]) -> None:
        truth, agents = self._truth, len(self._people.w)
        if weekday == 0 or day == 0:
            truth.service.restart(agents)
        none = np.zeros(0, int)
        done = work.get("finished", {"worker": none, "process": none, "late": none.astype(bool)})
        failed, failed_processes = truth.service.count(done["worker"], done["process"], done["late"], agents)
        truth.fail(day, "OPS-04", failed)
        truth.fail(day, "OPS-04", failed_processes, process=True)
