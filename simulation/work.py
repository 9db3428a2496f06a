"""The daily work: cases and incidents of the agents, and the security incidents of each process.

How many tickets, how long they take, which are late, badly closed, come back or leave the procedure belongs here. Rows are
written by tickets.py, changes are in changes.py. Failure rules: OPS-01, OPS-02 (procedure), OPS-04 (service level), INC-01.
"""

from dataclasses import dataclass

import numpy as np

from simulation.parameters import LEAD_WORK, Parameters
from simulation.people import People
from simulation.profiles import AGENT
from simulation.roster import AtWork
from simulation.tables import DAY, NULL, Array, Outbox
from simulation.tickets import INCIDENT, LATE_CHECK, NO_CHECK, OWN_CHECK, QA, SECURITY, TicketDesk
from simulation.world import World

LATE_SHARE = 2 / 3  # of the badly handled incidents, those that miss their due time
DUE_HOURS = np.array([0, 4, 8, 24, 48, 72])


@dataclass(frozen=True)
class DayWork:
    """The tickets opened today, ordered as the agents at work are: `first` and `count` index them per agent."""

    number: Array
    customer: Array
    opened: Array
    ends: Array
    """When the agent has done with it, at the end of the shift at the latest."""
    first: Array
    count: Array


class Work:
    """Opens the tickets of one day."""

    def __init__(self, parameters: Parameters, people: People, world: World, desk: TicketDesk, rng: np.random.Generator) -> None:
        self._p, self._people, self._world, self._desk, self._rng = parameters, people, world, desk, rng
        self._customers = 25 * parameters.agents
        self._staffed = np.zeros(world.count, bool)

    def load(self, capacity: Array) -> Array:
        """Per process, tickets per agent and shift over the normal number."""
        return np.asarray(np.clip(self._world.demand() / np.clip(capacity, 0.6, 1.3), 0.5, 1.8))

    def cases(
        self,
        day: int,
        at_work: AtWork,
        load: Array,
        slip: Array,
        detour: Array,
        breach: Array,
        outbox: Outbox,
        seen: Outbox,
    ) -> DayWork:
        """The tickets of the agents on shift.

        Args:
            day: today.
            at_work: who is on shift.
            load: per process, as `load` returns it.
            slip: per agent at work, the chance that a ticket is closed badly (OPS-01).
            detour: per agent at work, the chance that a ticket leaves the procedure (OPS-02).
            breach: per agent at work, the chance that a ticket misses its service level (OPS-04).
            outbox: where the rows go.
            seen: where outcomes go, for the truth (feeds `finished`, `slips`, `detours`).
        """
        rng, process = self._rng, self._people.w.process[at_work.worker]
        lead_factor = np.where(self._people.w.role[at_work.worker] >= 2, LEAD_WORK, 1.0)
        count = rng.poisson(self._p.tickets_per_shift * load[process] * lead_factor)
        row = np.repeat(np.arange(len(count)), count)
        opened = at_work.starts[row] + rng.integers(300, int(6.8 * 3_600), len(row))
        priority = rng.choice([2, 3, 4, 5], len(row), p=[0.06, 0.24, 0.45, 0.25])
        due = opened + DUE_HOURS[priority] * 3_600
        late = rng.random(len(row)) < breach[row]
        share = 0.01 + 0.85 * rng.random(len(row)) ** 3.0 * np.minimum(1 + 0.4 * self._world.backlog[process[row]], 1.15)
        wait = np.where(late, (due - opened) + 900 + rng.exponential(9 * 3_600, len(row)), share * (due - opened)).astype(
            np.int64
        )
        resolved = opened + np.maximum(wait, 300)
        bad = rng.random(len(row)) < slip[row]
        returns = bad & (rng.random(len(row)) < 0.45)
        again = np.where(returns, resolved + 3_200 + (DAY * rng.uniform(0.3, 9, len(row))).astype(np.int64), NULL)
        customer = rng.integers(0, self._customers, len(row))
        worker = at_work.worker[row]
        wrong = self._wrong(detour[row], worker)
        number = self._desk.file(
            day,
            rng.choice([0, INCIDENT, QA], len(row), p=[0.90, 0.07, 0.03]),
            outbox,
            opened=opened,
            due=due,
            resolved=resolved,
            responded=opened + np.minimum((0.2 * (resolved - opened)).astype(np.int64), 1_800 + 60 * priority),
            assignee=worker,
            process=process[row],
            priority=priority,
            customer_ref=customer,
            has_evidence=np.where(bad & ~returns, 0, 1),
            reopened=again,
            reassignment_count=rng.binomial(1, 0.05, len(row)),
            wrong=wrong,
            checker=self._seniors(at_work)[process[row]],
            until=at_work.ends[row],
        )
        known = np.where(returns, again, resolved + 1_800)
        seen.put_by("slips", self._desk.day_of(known[bad]), {"worker": worker[bad]}, day)
        counted = self._desk.day_of(np.where(late, due, resolved + 1_600))  # a late ticket is known to be late when it falls due
        seen.put_by("finished", counted, {"worker": worker, "process": process[row], "late": late}, day)
        closed = self._desk.day_of(resolved + 1_600)
        seen.put_by("detours", closed[wrong >= 0], {"worker": worker[wrong >= 0]}, day)
        return DayWork(number, customer, opened, np.minimum(resolved, at_work.ends[row]), np.cumsum(count) - count, count)

    def _wrong(self, chance: Array, worker: Array) -> Array:
        """Per ticket, what goes wrong with its procedure, or -1: the identity check left out or after closing, or the
        second check done by the agent alone.
        """
        rng, w = self._rng, self._people.w
        alone = self._desk.is_checked[w.process[worker]] & (w.role[worker] == AGENT) & (rng.random(len(worker)) < 0.4)
        kind = np.where(alone, OWN_CHECK, np.where(rng.random(len(worker)) < 0.65, NO_CHECK, LATE_CHECK))
        return np.where(rng.random(len(worker)) < chance, kind, -1)

    def _seniors(self, at_work: AtWork) -> Array:
        """Per process, somebody on shift who is more than an agent, or else the lead of its first team."""
        w = self._people.w
        found: Array = self._people.lead[np.cumsum(self._people.teams) - self._people.teams].copy()
        senior = at_work.worker[w.role[at_work.worker] != AGENT]
        found[w.process[senior]] = senior
        return found

    def incident_rate(self) -> Array:
        """Per process, security incidents today; none is opened where nobody is on shift."""
        return np.asarray(self._p.incident_rate * np.sqrt(self._world.target / 15) * self._staffed)

    def late_incidents(self, day: int) -> Array:
        """Hidden: per agent, late security incidents to be expected today (they count for OPS-04 too)."""
        w, present = self._people.w, self._people.present(day)
        staff = np.maximum(np.bincount(w.process[present], minlength=self._world.count), 1)
        return np.asarray((self.incident_rate() * self.incident_trouble() * LATE_SHARE / staff)[w.process])

    def incident_trouble(self) -> Array:
        """Hidden: per process, the chance that a security incident opened today is handled badly (INC-01)."""
        return 1 / (1 + np.exp(2.6 - 2.2 * self._world.backlog - 0.9 * self._world.slack))

    def incidents(self, day: int, at_work: AtWork, outbox: Outbox, seen: Outbox) -> None:
        """Security incidents; each goes to one agent on shift."""
        world, rng, w = self._world, self._rng, self._people.w
        midnight = (self._p.first_day + day) * DAY
        staff = np.full(world.count, -1)
        shuffled = rng.permutation(at_work.worker)
        staff[w.process[shuffled]] = shuffled  # one agent on shift per process, by chance
        self._staffed = staff >= 0
        process = np.repeat(np.arange(world.count), rng.poisson(self.incident_rate()))
        self._security(day, midnight, process, staff[process], self._seniors(at_work)[process], outbox, seen)

    def _security(
        self, day: int, midnight: int, process: Array, assignee: Array, checker: Array, outbox: Outbox, seen: Outbox
    ) -> None:
        rng, count = self._rng, len(process)
        priority = rng.choice([1, 2, 3, 4], count, p=[0.05, 0.2, 0.45, 0.3])
        span = np.array([0, 8, 24, 72, 120])[priority] * 3_600
        bad = rng.random(count) < self.incident_trouble()[process]
        how = rng.integers(0, 3, count)  # answered and resolved late, resolved late, closed without a code
        opened = midnight + rng.integers(0, 16 * 3_600, count)
        late = bad & (how < 2)
        resolved = opened + np.where(
            late, span + rng.integers(6 * 3_600, 60 * 3_600, count), (span * rng.uniform(0.1, 0.8, count)).astype(np.int64)
        )
        responded = opened + np.where(bad & (how == 0), span // 2 + 10 * 3_600, rng.integers(180, 1_500, count))
        self._desk.file(
            day,
            SECURITY,
            outbox,
            opened=opened,
            due=opened + span,
            responded=np.minimum(responded, resolved),
            resolved=resolved,
            assignee=assignee,
            process=process,
            priority=priority,
            close_code=np.where(bad & (how == 2), -1, 0),
            checker=checker,
        )
        counted = {"worker": assignee, "process": process, "late": late}
        seen.put_by("finished", self._desk.day_of(np.where(late, opened + span, resolved)), counted, day)
        seen.put_by("incidents", self._desk.day_of(np.where(late, opened + span, resolved)[bad]), {"process": process[bad]}, day)
