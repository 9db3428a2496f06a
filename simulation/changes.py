"""Changes, remediation and vulnerability tickets of each process, with their approvals.

How many there are and which go wrong belongs here; rows are written by tickets.py. Failure rules they can break: CHG-01 (begun
unapproved), CHG-02 (approved by oneself), CHG-03 (record incomplete), CHG-04 (emergencies), OPS-03 and SEC-05 (overdue).
"""

import numpy as np

from simulation.ledger import Ledger
from simulation.parameters import Parameters
from simulation.people import People
from simulation.profiles import AGENT
from simulation.roster import AtWork
from simulation.tables import DAY, Array, Outbox
from simulation.tickets import CHANGE, REMEDIATION, VULNERABILITY, TicketDesk
from simulation.world import World

CHANGES_A_DAY, REMEDIATION_A_DAY, VULNERABILITY_A_DAY = 0.06, 0.025, 0.03  # per process
NORMAL, STANDARD, EMERGENCY = range(3)
FORGOTTEN = 0.35  # of the approvals that are to come afterwards
EMERGENCY_DAYS = 5  # an emergency may wait this long for its approval
DUE_DAYS = 30  # of remediation and vulnerabilities


class Changes:
    """Opens the tickets of one day; each belongs to somebody on shift who is more than an agent."""

    def __init__(self, parameters: Parameters, people: People, world: World, desk: TicketDesk, rng: np.random.Generator) -> None:
        self._p, self._people, self._world, self._desk, self._rng = parameters, people, world, desk, rng

    def step(self, day: int, at_work: AtWork, outbox: Outbox, seen: Outbox, ledger: Ledger) -> None:
        """The changes, remediation and vulnerability tickets opened today; as finished work they go to `seen`, for OPS-04."""
        w = self._people.w
        senior = self._rng.permutation(at_work.worker[w.role[at_work.worker] != AGENT])
        owner = np.full(self._world.count, -1)
        owner[w.process[senior]] = senior
        self._changes(day, owner, senior, outbox, seen, ledger)
        self._deadlines(
            day, owner, REMEDIATION, REMEDIATION_A_DAY, self._world.trouble(-2.7, 0.6, backlog=1.2), outbox, seen, ledger
        )
        self._deadlines(
            day,
            owner,
            VULNERABILITY,
            VULNERABILITY_A_DAY,
            self._world.trouble(-2.7, 0.4, backlog=0.4, queue=0.4),
            outbox,
            seen,
            ledger,
        )

    def _opened(self, day: int, owner: Array, rate: float) -> tuple[Array, Array]:
        """Processes with a new ticket, and when it is opened."""
        process = np.flatnonzero((self._rng.random(self._world.count) < rate) & (owner >= 0))
        return process, (self._p.first_day + day) * DAY + self._rng.integers(9 * 3_600, 16 * 3_600, len(process))

    def _changes(self, day: int, owner: Array, senior: Array, outbox: Outbox, seen: Outbox, ledger: Ledger) -> None:
        world, rng, of = self._world, self._rng, self._people.w.process
        hasty = world.trouble(-3.4, 0.7, backlog=1.0)  # begun without waiting for the approval
        alone = world.trouble(-3.9, 0.8)  # approved by the one who does it
        sloppy = world.trouble(-3.5, 0.8, backlog=0.8)  # record incomplete
        urgent = world.trouble(-3.4, 0.5, backlog=1.2)  # declared an emergency
        here = owner >= 0
        every = np.flatnonzero(here)
        for control, chance in (
            ("CHG-01", 0.75 * (1 - urgent) * hasty),
            ("CHG-02", alone),
            ("CHG-03", 0.8 * sloppy),
            ("CHG-04", FORGOTTEN * urgent),
        ):
            ledger.process_chance(control, day, every, CHANGES_A_DAY * chance[every])
        seniors = np.maximum(np.bincount(of[senior], minlength=world.count), 1)
        ledger.chance("CHG-02", day, senior, CHANGES_A_DAY * (alone / seniors)[of[senior]])

        process, opened = self._opened(day, owner, CHANGES_A_DAY)
        count = len(process)
        kind = np.where(rng.random(count) < urgent[process], EMERGENCY, np.where(rng.random(count) < 0.75, NORMAL, STANDARD))
        is_urgent = kind == EMERGENCY
        takes = np.where(is_urgent, rng.uniform(0.15, 0.4, count), 6 * rng.uniform(0.2, 0.95, count))
        resolved = opened + (DAY * takes).astype(np.int64)
        actual = resolved - 7_200
        late, own, gap = (rng.random(count) < chance[process] for chance in (hasty, alone, sloppy))
        late &= kind == NORMAL
        missing = rng.integers(0, 3, count)
        number = self._desk.file(
            day,
            CHANGE,
            outbox,
            opened=opened,
            due=opened + 6 * DAY,
            responded=opened + 3_600,
            resolved=resolved,
            assignee=owner[process],
            process=process,
            priority=np.where(is_urgent, 1, rng.integers(2, 5, count)),
            planned_start_at=actual - 900,
            change_type=kind,
            actual_start_at=actual,
            close_code=np.zeros(count, int),
            **{
                f"has_{name}": np.where(gap & (missing == place), 0, 1)
                for place, name in enumerate(("risk_assessment", "test_plan", "backout_plan"))
            },
        )
        approved = np.where(is_urgent, actual + rng.integers(3 * 3_600, DAY, count), opened + (actual - opened) // 2)
        approved = np.where(late, actual + rng.integers(3 * 3_600, 3 * DAY, count), approved)
        given = np.where(late | is_urgent, rng.random(count) >= FORGOTTEN, True)
        approver = np.where(own, owner[process], self._people.other_lead(owner[process]))
        self._desk.approve(day, number[given], approver[given], approved[given], outbox)
        self._finish(day, resolved + 1_600, owner[process], process, np.zeros(count, bool), seen)
        shows = self._desk.day_of(resolved + 1_600)
        for control, bad in (("CHG-01", late), ("CHG-02", own & given), ("CHG-03", gap & (kind != STANDARD))):
            ledger.fail_process(control, shows[bad], process[bad], day)
        forgotten = is_urgent & ~given
        ledger.fail_process("CHG-04", shows[forgotten] + EMERGENCY_DAYS, process[forgotten], day)
        ledger.fail("CHG-02", shows[own & given], owner[process[own & given]], day)

    def _finish(self, day: int, at: Array, worker: Array, process: Array, late: Array, seen: Outbox) -> None:
        seen.put_by("finished", self._desk.day_of(at), {"worker": worker, "process": process, "late": late}, day)

    def _deadlines(
        self, day: int, owner: Array, kind: int, rate: float, trouble: Array, outbox: Outbox, seen: Outbox, ledger: Ledger
    ) -> None:
        """Tickets that must be done within 30 days; where work or the IT queue piles up, some are not."""
        rng = self._rng
        process, opened = self._opened(day, owner, rate)
        count = len(process)
        late = rng.random(count) < trouble[process]
        share = np.where(late, rng.uniform(1.08, 1.7, count), rng.uniform(0.15, 0.95, count))
        priority = rng.choice([1, 2, 3, 4], count, p=[0.15, 0.35, 0.35, 0.15])
        self._desk.file(
            day,
            kind,
            outbox,
            opened=opened,
            due=opened + DUE_DAYS * DAY,
            responded=opened + 3_600,
            resolved=opened + (DAY * DUE_DAYS * share).astype(np.int64),
            assignee=owner[process],
            process=process,
            priority=priority,
            close_code=np.zeros(count, int),
        )
        due = opened + DUE_DAYS * DAY
        ends = np.where(late, due, opened + (DAY * DUE_DAYS * share).astype(np.int64) + 1_600)
        self._finish(day, ends, owner[process], process, late, seen)
        control = "OPS-03" if kind == REMEDIATION else "SEC-05"
        ledger.fail_process(control, np.full(late.sum(), day + DUE_DAYS), process[late], day)
        ledger.process_chance(control, day + DUE_DAYS, process, trouble[process])
