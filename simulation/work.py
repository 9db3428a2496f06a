"""The daily work: cases and incidents of the agents, and the side tickets of each process.

How many tickets, how long they take, which are late, badly closed or come back belongs here. Their rows are written by
tickets.py. Failure rules they can break: OPS-01 (evidence, reopened), OPS-04 (service level), INC-01 (security incidents).
"""

from dataclasses import dataclass

import numpy as np

from simulation.parameters import LEAD_WORK, Parameters
from simulation.people import People
from simulation.roster import AtWork
from simulation.tables import DAY, NULL, Array, Outbox
from simulation.tickets import CHANGE, INCIDENT, QA, REMEDIATION, SECURITY, VULNERABILITY, TicketDesk
from simulation.world import World

LATE_SHARE = 2 / 3  # of the badly handled incidents, those that miss their due time
DUE_HOURS = np.array([0, 4, 8, 24, 48, 72])


@dataclass(frozen=True)
class DayWork:
    """The tickets opened today, ordered as the agents at work are: `first` and `count` index them per agent."""

    number: Array
    customer: Array
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

    def cases(self, day: int, at_work: AtWork, load: Array, slip: Array, breach: Array, outbox: Outbox, seen: Outbox) -> DayWork:
        """The tickets of the agents on shift.

        Args:
            day: today.
            at_work: who is on shift.
            load: per process, as `load` returns it.
            slip: per agent at work, the chance that a ticket is closed badly (OPS-01).
            breach: per agent at work, the chance that a ticket misses its service level (OPS-04).
            outbox: where the rows go.
            seen: where outcomes go, for the truth (feeds `finished`, `slips`).
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
        )
        known = np.where(returns, again, resolved + 1_800)
        seen.put_by("slips", self._desk.day_of(known[bad]), {"worker": worker[bad]}, day)
        counted = self._desk.day_of(np.where(late, due, resolved + 1_600))  # a late ticket is known to be late when it falls due
        seen.put_by("finished", counted, {"worker": worker, "process": process[row], "late": late}, day)
        return DayWork(number, customer, np.cumsum(count) - count, count)

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

    def side(self, day: int, at_work: AtWork, outbox: Outbox, seen: Outbox) -> None:
        """Security incidents, changes, remediation, vulnerabilities, and access asked for in between."""
        world, rng, w = self._world, self._rng, self._people.w
        midnight = (self._p.first_day + day) * DAY
        staff = np.full(world.count, -1)
        shuffled = rng.permutation(at_work.worker)
        staff[w.process[shuffled]] = shuffled  # one agent on shift per process, by chance
        self._staffed = staff >= 0
        process = np.repeat(np.arange(world.count), rng.poisson(self.incident_rate()))
        self._security(day, midnight, process, staff[process], outbox, seen)

        leads = self._people.lead[np.cumsum(self._people.teams) - self._people.teams]
        for kind, rate, days in ((CHANGE, 0.06, 6), (REMEDIATION, 0.02, 30), (VULNERABILITY, 0.03, 30)):
            process = np.flatnonzero((rng.random(world.count) < rate) & (leads >= 0))
            count = len(process)
            opened = midnight + rng.integers(9 * 3_600, 16 * 3_600, count)
            resolved = opened + (DAY * days * rng.uniform(0.2, 0.95, count)).astype(np.int64)
            actual = np.where(kind == CHANGE, resolved - 7_200, NULL) * np.ones(count, np.int64)
            complete = np.where(kind == CHANGE, (rng.random(count) < 0.95).astype(int), -1)
            number = self._desk.file(
                day,
                kind,
                outbox,
                opened=opened,
                due=opened + days * DAY,
                responded=opened + 3_600,
                resolved=resolved,
                assignee=leads[process],
                process=process,
                priority=rng.integers(2, 5, count),
                planned_start_at=np.where(kind == CHANGE, actual - 900, NULL) * np.ones(count, np.int64),
                change_type=np.where(kind == CHANGE, rng.choice(3, count, p=[0.7, 0.22, 0.08]), -1),
                actual_start_at=actual,
                has_risk_assessment=complete,
                has_test_plan=complete,
                has_backout_plan=complete,
            )
            if kind == CHANGE:
                self._desk.approve(day, number, np.roll(leads, 1)[process], opened + (resolved - opened) // 2, outbox)
        asks = at_work.worker[rng.random(len(at_work.worker)) < 0.007]
        opened = midnight + rng.integers(7 * 3_600, 18 * 3_600, len(asks))
        takes = (DAY * (0.2 + rng.exponential(0.5, len(asks))) * np.exp(0.6 * world.queue)).astype(np.int64)
        self._desk.access(day, asks, opened, opened + np.minimum(takes, 20 * DAY), outbox)

    def _security(self, day: int, midnight: int, process: Array, assignee: Array, outbox: Outbox, seen: Outbox) -> None:
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
        )
        counted = {"worker": assignee, "process": process, "late": late}
        seen.put_by("finished", self._desk.day_of(np.where(late, opened + span, resolved)), counted, day)
        seen.put_by("incidents", self._desk.day_of(np.where(late, opened + span, resolved)[bad]), {"process": process[bad]}, day)
