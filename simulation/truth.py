"""What the simulation knows and the pipeline must not: true hazards, from the hidden path that the world really took.

Collecting daily hazards and summing them over the 30 days after a date belongs here. The files are in truth_files.py, the split
into causes in causes.py.
"""

from collections import deque
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from simulation import causes
from simulation.access import DORMANT_DAYS, OLD, TOOL, Access
from simulation.parameters import (
    AGENT_CONTROLS,
    DATED,
    MOVED_UNTRAINED,
    MOVES,
    PROCESS_CONTROLS,
    PROCESS_DATED,
    SLIPS,
    Parameters,
)
from simulation.people import SETTLED_DAYS, People
from simulation.service_level import ServiceLevel
from simulation.slips import FROM_HOME, WORKED, State
from simulation.tables import DAY, NULL, Array
from simulation.training import Training
from simulation.truth_files import TruthFiles
from simulation.world import World

HORIZON, RING = 30, 40
OCCASIONS = (*DATED, MOVED_UNTRAINED)
BESIDE_STAFF = ("ACC-01", "HR-03")  # a process fails these with its staff, or through an account nobody owns or somebody new
TAIL = 36  # days simulated after the last delivery, so that the last hazards are complete
# Share of an agent's OPS-04 failures that show on Sunday, Saturday ... Monday: five tickets are not finished before mid-week
# (measured 2026-11-24 on 5,000 agents).
SHOWS = (0.11, 0.17, 0.22, 0.245, 0.175, 0.07, 0.01)


@dataclass
class Pending:
    """The world at the end of one day whose hazards are not known yet."""

    day: int
    present: Array
    process: Array
    leaves: Array
    since: Array
    begins: Array
    overdue: Array
    dormant: Array
    causes: dict[str, dict[str, Array]]
    process_causes: dict[str, Array]


class Truth:
    """Collects daily hazards in rings of 40 days and writes the weekly sums when 30 days have passed."""

    def __init__(self, parameters: Parameters, folder: Path, agents: int) -> None:
        self._p, self._files = parameters, TruthFiles(folder)
        self._ring: dict[str, Array] = {
            name: np.zeros((RING, 2 * agents + 64), np.float32)
            for name in (*SLIPS, *OCCASIONS, "OPS-04", "leave", "late", "course")
        }
        self._process_ring = {name: np.zeros((RING, parameters.processes)) for name in (*PROCESS_DATED, "OPS-04", *BESIDE_STAFF)}
        self._volume = np.zeros((2, 2 * agents + 64))
        self._pending: deque[Pending] = deque()
        self.service = ServiceLevel(parameters.processes)

    def fail(self, day: int, control: str, entities: Array, *, process: bool = False) -> None:
        """Record that these agents (or processes) break a control in a way that shows on this day."""
        if day >= 0 and len(entities):
            self._files.fail(self._p.first_day + day, int(process), control, np.unique(entities))

    def record(
        self,
        day: int,
        weekday: int,
        people: People,
        hazards: dict[str, Array],
        intensities: dict[str, Array],
        tickets: tuple[Array, Array],
        dated: tuple[dict[str, Array], dict[str, Array]],
    ) -> None:
        """Keep today's hazards: per worked day (`hazards`), resigning, late removal and course completion (`intensities`),
        expected finished and late tickets, and the hazards of today's occasions (`dated`), of workers and of processes.
        """
        self._reserve(len(people.w))
        here, slot = len(people.w), day % RING
        awake = people.w.leave_until < day
        for control, values in hazards.items():
            share = np.where(awake, WORKED, 0.0) + (FROM_HOME * np.where(awake, 1 - WORKED, 1.0) if control == "DATA-04" else 0)
            self._ring[control][slot, :here] = -np.log1p(-values) * share
        for name, values in intensities.items():
            self._ring[name][slot] = 0  # workers hired today have no intensity of leaving yet
            self._ring[name][slot, : len(values)] = values * (np.where(awake, WORKED, 0.0) if name == "course" else 1)
        for control in OCCASIONS:
            self._ring[control][slot] = 0
            self._ring[control][slot, :here] = dated[0].get(control, 0.0)
        for control in (*PROCESS_DATED, *BESIDE_STAFF):
            self._process_ring[control][slot] = dated[1].get(control, 0.0)
        self._volume[0, :here] += tickets[0] * awake
        self._volume[1, :here] += tickets[1] * awake
        if weekday == 6:
            self._close_week(day, people)

    def _reserve(self, count: int) -> None:
        """Room for more workers."""
        room = self._volume.shape[1]
        if count > room:
            self._ring = {name: np.pad(ring, ((0, 0), (0, room))) for name, ring in self._ring.items()}
            self._volume = np.pad(self._volume, ((0, 0), (0, room)))

    def _close_week(self, day: int, people: People) -> None:
        """The chance to fail OPS-04 in the week that ends today, spread over its days."""
        here = len(people.w)
        volume, late = self._volume[0, :here], self._volume[1, :here]
        chance = self.service.agent_chance(volume, late)
        present = people.present(day)
        of = people.w.process[present]
        sums = [np.bincount(of, values[present], self._p.processes) for values in (volume, late)]
        process_chance = self.service.process_chance(*sums)
        for back, weight in enumerate(SHOWS):
            self._ring["OPS-04"][(day - back) % RING, :here] = -np.log1p(-np.minimum(chance, 0.999)) * weight
            self._process_ring["OPS-04"][(day - back) % RING] = -np.log1p(-np.minimum(process_chance, 0.999)) / 7
        self._volume[:] = 0

    def remember(self, day: int, people: People, world: World, training: Training, access: Access, now: State) -> None:
        """Keep the state at the end of this day; its hazards are written 30 days later."""
        w, t = people.w, training.t
        open_from = np.where(t.assigned != NULL, t.assigned, t.overdue - 30)
        dormant, kinds = self._dormant(day, people, access)
        due = (t.overdue > day) & (t.overdue <= day + HORIZON)
        found = causes.agents(now, world, w.process, kinds, due, (w.leaves != NULL) & (w.leaves > day))
        self._pending.append(
            Pending(
                day,
                people.present(day),
                w.process.copy(),
                np.where(w.resigned == NULL, NULL, w.leaves),
                w.since.copy(),
                open_from.copy(),
                t.overdue.copy(),
                dormant,
                found,
                causes.processes(world),
            )
        )

    @staticmethod
    def _dormant(day: int, people: People, access: Access) -> tuple[Array, tuple[Array, Array]]:
        """Per worker, the chance that an account falls dormant in the next 30 days; and who holds which kind at risk."""
        a, count = access.a, len(people.w)
        rows = np.flatnonzero(
            (a.owner >= 0) & (a.use >= TOOL) & (day - a.used > DORMANT_DAYS - HORIZON) & (day - a.used <= DORMANT_DAYS)
        )
        rest = DORMANT_DAYS + 1 - (day - a.used[rows])
        disabled_day = np.where(a.disabled[rows] == NULL, day + 1_000, a.disabled[rows] // DAY - int(access.seconds(0)) // DAY)
        rate = np.where(a.use[rows] == TOOL, a.rate[rows], 0.0)
        leaves = people.w.leaves[a.owner[rows]]
        stays = (disabled_day >= day + rest) & ((leaves == NULL) | (leaves > day + rest))
        chance = stays * np.exp(-(rate * WORKED + access.clean_up_chance()[rows]) * rest)
        log = np.bincount(a.owner[rows], np.log1p(-np.minimum(chance, 0.9999)), count)
        kinds = tuple(np.bincount(a.owner[rows[(a.use[rows] == use) & stays]], minlength=count) > 0 for use in (OLD, TOOL))
        return 1 - np.exp(log), (kinds[0], kinds[1])

    def write_due(self, day: int) -> None:
        """Write the hazards of every remembered day whose 30 days (and last week) are complete."""
        while self._pending and day >= self._pending[0].day + TAIL:
            self._write(self._pending.popleft())

    def _window(self, name: str, past: Pending, start: Array | None = None, stop: Array | None = None) -> Array:
        """Sum of one ring over the 30 days after a remembered day, per worker only over start <= day < stop."""
        days = past.day + 1 + np.arange(HORIZON)
        values = self._ring[name][days % RING, : len(past.present)].astype(np.float64)
        if start is not None:
            values *= days[:, None] >= start
        if stop is not None:
            values *= days[:, None] < stop
        return np.asarray(values.sum(axis=0))

    def _write(self, past: Pending) -> None:
        count = len(past.present)
        leaving = past.leaves != NULL
        stop = np.where(leaving, past.leaves, past.day + 1_000)
        chance: dict[str, Array] = {name: 1 - np.exp(-self._window(name, past, stop=stop)) for name in (*SLIPS, *DATED, "OPS-04")}
        settled = past.since + SETTLED_DAYS + 1
        moves = {name: np.exp(-self._window(name, past, settled, stop)) for name in (*MOVES, MOVED_UNTRAINED)}
        chance |= {name: 1 - moves[name] for name in MOVES}
        chance["HR-03"] = 1 - (1 - chance["HR-03"]) * moves[MOVED_UNTRAINED]
        chance["ACC-02"] = past.dormant
        due = (past.overdue > past.day) & (past.overdue <= past.day + HORIZON) & (stop > past.overdue)
        chance["HR-02"] = due * np.exp(-self._window("course", past, past.begins, past.overdue + 1))
        chance["JML-01"] = self._late_removal(past, leaving, count)

        present = np.flatnonzero(past.present)
        for control in AGENT_CONTROLS:
            judged = present if control != "HR-02" else present[past.overdue[present] > past.day]
            self._files.put(self._p.first_day + past.day, 0, control, judged, chance[control][judged], past.causes[control])
        for control in PROCESS_CONTROLS:
            log = np.zeros(self._p.processes)
            if control in self._process_ring:
                days = (past.day + 1 + np.arange(HORIZON)) % RING
                log -= self._process_ring[control][days].sum(axis=0)
            staff = {"ACC-01": "JML-01"}.get(control, control)  # the account of somebody who left has no owner
            if staff in chance and control not in (*PROCESS_DATED, "OPS-04"):
                log += np.bincount(
                    past.process[present], np.log1p(-np.minimum(chance[staff][present], 0.9999)), self._p.processes
                )
            value = 1 - np.exp(log)
            self._files.put(self._p.first_day + past.day, 1, control, np.arange(self._p.processes), value, past.process_causes)

    def _late_removal(self, past: Pending, leaving: Array, count: int) -> Array:
        """Chance to leave within 30 days and keep an account too long: by notice given, or notice still to come."""
        days = past.day + 1 + np.arange(HORIZON)
        late = self._ring["late"][days % RING, :count].astype(np.float64)
        quits = self._ring["leave"][days % RING, :count].astype(np.float64)
        soon = np.zeros(count)
        for notice, weight in zip(self._p.notice_days, self._p.notice_weights, strict=True):
            soon += weight * (quits[: HORIZON - notice] * late[notice:]).sum(axis=0)
        known = leaving & (past.leaves > past.day) & (past.leaves <= past.day + HORIZON)
        last = np.clip(past.leaves - past.day - 1, 0, HORIZON - 1)
        return np.where(leaving, np.where(known, late[last, np.arange(count)], 0.0), np.minimum(soon, 1.0))

    def close(self) -> dict[str, int]:
        """Close the files; returns the number of failures by entity kind and control."""
        return self._files.close()
