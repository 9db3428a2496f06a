"""The day loop: steps the hidden world, collects what it leaves behind and hands it to the files.

The order of a day and the random streams belong here. Every concern draws from its own stream, so that more events or
dirt never change who fails. The world runs on for some weeks after the last delivery, without files, for the truth.
"""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np

from preaudit.errors import PreauditError
from simulation.access import Access
from simulation.activity import Activity
from simulation.certificates import Certificates
from simulation.changes import Changes
from simulation.dirt import Dirt
from simulation.events import Events
from simulation.findings import Findings
from simulation.ledger import Ledger
from simulation.orphans import Orphans
from simulation.outcomes import Outcomes
from simulation.parameters import PER_TICKET, Parameters
from simulation.people import People
from simulation.records import Records
from simulation.reviews import Reviews
from simulation.rights import Rights
from simulation.roster import AtWork, Roster
from simulation.shipping import Shipping
from simulation.slips import FROM_HOME, breach, daily, expected_tickets, state, ticket_share
from simulation.tables import Array, Outbox
from simulation.tickets import TicketDesk
from simulation.traces import Slipped, Traces
from simulation.training import Training
from simulation.truth import TAIL, Truth
from simulation.work import Work
from simulation.world import World


@dataclass(frozen=True)
class SimulationReport:
    """What was written: the folders, rows by feed, real failures by entity kind and control, planted dirt by kind."""

    out: Path
    landing: Path
    truth: Path
    rows: dict[str, int]
    failures: dict[str, int]
    planted: dict[str, int]


def simulate(
    agents: int,
    processes: int,
    days: int,
    seed: int,
    out: Path | str,
    *,
    end_on: date = date(2026, 10, 31),
    events_per_shift: float = 63.0,
    tickets_per_shift: float = 2.0,
    daily_deliveries: int = 3,
    with_dirt: bool = True,
    progress: Callable[[int, int], None] | None = None,
) -> SimulationReport:
    """Simulate a BPO and write its deliveries under `out/landing/canonical` and the truth under `out/truth`.

    Args:
        agents: headcount aimed at over all processes.
        processes: number of processes, at most 999.
        days: delivered calendar days, the last one being `end_on`; the last `daily_deliveries` of them as daily folders.
        seed: same arguments, same bytes.
        out: folder; `landing`, `truth` and `corrections` under it are replaced.
        events_per_shift: mean log-ins and data accesses of one worked shift.
        tickets_per_shift: mean work tickets of one worked shift.
        with_dirt: plant bad, late and repeated rows (recorded in truth/planted.parquet).
        progress: called with (days done, days in all).

    Raises:
        PreauditError: sizes that make no company.
    """
    if agents < 5 * processes or not 1 <= processes <= 999 or days <= daily_deliveries or daily_deliveries < 0:
        raise PreauditError(
            f"cannot simulate {agents} agents in {processes} processes over {days} days",
            remedy="Give at least 5 agents per process, 1 to 999 processes, and more days than daily deliveries.",
        )
    parameters = Parameters(
        agents, processes, days, seed, end_on, events_per_shift, tickets_per_shift, daily_deliveries, with_dirt
    )
    return _Run(parameters, Path(out)).run(progress)


class _Run:
    """One simulation under way."""

    def __init__(self, p: Parameters, out: Path) -> None:
        self.p, self.out = p, out
        for name in ("landing", "truth", "corrections"):
            shutil.rmtree(out / name, ignore_errors=True)
        streams = [np.random.default_rng(child) for child in np.random.SeedSequence(p.seed).spawn(14)]
        self.slip_rng = streams[8]
        self.outbox = Outbox()
        self.seen = Outbox()
        self.ledger = Ledger()
        self.world = World(p, streams[0])
        self.people = People(p, self.world, streams[1])
        self.roster = Roster(p, self.people, streams[2])
        self.training = Training(p, self.people, self.world, streams[3], self.outbox)
        self.certificates = Certificates(p, self.people, self.world, streams[10], self.outbox)
        self.records = Records(p, self.people, self.world, streams[11], self.outbox, self.ledger)
        self.desk = TicketDesk(p, self.people, self.world, streams[4])
        self.access = Access(p, self.people, self.world, self.desk, streams[5])
        self.rights = Rights(p, self.people, self.world, self.access, self.desk, streams[12])
        self.rights.found(self.outbox)
        self.orphans = Orphans(self.world, self.access, streams[13])
        self.reviews = Reviews(self.people, self.world, self.access)
        self.work = Work(p, self.people, self.world, self.desk, streams[4])
        self.changes = Changes(p, self.people, self.world, self.desk, streams[13])
        self.events = Events(p, self.people, self.world, self.access, streams[6])
        self.activity = Activity(p, self.people, self.access, self.events, streams[6])
        self.traces = Traces(p, self.people, self.access, self.desk, self.events, streams[6])
        self.findings = Findings(p, self.people, streams[7])
        self.truth = Truth(p, out / "truth", len(self.people.w))
        self.outcomes = Outcomes(self.people, self.ledger, self.truth)
        dirt = Dirt(p, out, streams[9])
        self.dirt, self.shipping = dirt, Shipping(p, out, self.world, self.records, self.access, self.desk, dirt)

    def run(self, progress: Callable[[int, int], None] | None) -> SimulationReport:
        p = self.p
        self.roster.publish(0, self.outbox)
        for day in range(p.days + TAIL):
            weekday = (p.first_day + day + 3) % 7
            self._live(day, weekday)
            rows = self.outbox.take(day)
            if day < p.days:  # the world runs on, but nobody will read these rows
                self.shipping.deliver(day, weekday, rows)
            self.truth.write_due(day)
            if progress:
                progress(day + 1, p.days + TAIL)
        delivered, planted = self.shipping.close(), self.dirt.close()
        return SimulationReport(self.out, self.out / "landing", self.out / "truth", delivered, self.truth.close(), planted)

    def _live(self, day: int, weekday: int) -> None:
        """One day of the hidden world and of the people in it."""
        p, world, people, ledger = self.p, self.world, self.people, self.ledger
        capacity = people.capacity(day)
        usual = max(0.0035 * p.agents, 0.5)
        changes = len(people.hired_today) + len(people.left_today) + len(people.moved_today)
        world.step(day, capacity, min(changes / usual, 4.0))
        quits = people.step(day, weekday)
        at_work = self.roster.work(day, world, self.outbox)
        late, dormant, tools = self.access.step(day, weekday, at_work.worker, self.outbox, self.events.later, ledger)
        self.rights.step(day, at_work.worker, self.outbox, ledger)
        self.records.step(day, self.outbox)
        course, overdue = self.training.step(day, at_work, self.outbox)
        self.certificates.step(day, self.outbox, ledger)
        self.reviews.step(day, self.outbox, ledger)
        silent = self.orphans.step(day, np.isin(np.arange(world.count), people.w.process[at_work.worker]), ledger)

        now = state(day, people, world, self.access)
        hazards, late_ticket, load = daily(now), breach(now), self.work.load(capacity)
        hazards["DATA-01"] = hazards["DATA-01"] * (world.regulated[people.w.process] >= 0)
        slipped = self._draw(day, hazards, at_work, silent)
        per_ticket = {name: np.minimum(hazards[name] / p.tickets_per_shift / load[people.w.process], 0.5) for name in PER_TICKET}
        cases = self.work.cases(
            day,
            at_work,
            load,
            per_ticket["OPS-01"][at_work.worker],
            per_ticket["OPS-02"][at_work.worker],
            late_ticket[at_work.worker],
            self.outbox,
            self.seen,
        )
        self.work.incidents(day, at_work, self.outbox, self.seen)
        self.changes.step(day, at_work, self.outbox, self.seen, ledger)
        if day < p.days:
            self.activity.step(day, at_work, cases, tools, slipped.at_work["SEC-02"])
            self.traces.step(day, at_work, self.roster, slipped, self.outbox)
            self.events.deliver(day, silent, self.outbox)
        self.roster.publish(day + 1, self.outbox)

        states = {"JML-01": late, "HR-02": overdue, "ACC-02": dormant}
        found = self.outcomes.step(day, weekday, at_work, slipped, states, self.seen.take(day))
        self.findings.step(day, found, self.outbox)
        volume = expected_tickets(p, people, load)
        for name in PER_TICKET:
            hazards[name] = hazards[name] * ticket_share(people)
        ledger.process_chance("INC-01", day, np.arange(world.count), self.work.incident_rate() * self.work.incident_trouble())
        self.truth.record(
            day,
            weekday,
            people,
            hazards,
            {"leave": quits, "late": self.access.late_chance(), "course": course},
            (volume, volume * late_ticket + self.work.late_incidents(day)),
            ledger.take_hazards(day, len(people.w), world.count),
        )
        if day < p.days and (weekday == 6 or day >= p.days - p.daily_deliveries - 1):
            self.truth.remember(day, people, world, self.training, self.access, now)

    def _draw(self, day: int, hazards: dict[str, Array], at_work: AtWork, silent: Array) -> Slipped:
        """Who slips today; nobody is caught in a log that is lost."""
        rng, off, w = self.slip_rng, at_work.off, self.people.w
        seen = ~silent[2 + self.world.client[w.process]]
        masks = {
            control: (rng.random(len(at_work.worker)) < values[at_work.worker]) & seen[at_work.worker]
            for control, values in hazards.items()
            if control not in PER_TICKET
        }
        home = off[(rng.random(len(off)) < FROM_HOME * hazards["DATA-04"][off]) & seen[off]]
        on_leave = off[w.leave_until[off] >= day]
        self.ledger.chance("ACC-06", day, on_leave, FROM_HOME * hazards["DATA-04"][on_leave])
        return Slipped(masks, home)
