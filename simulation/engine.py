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
from simulation.access_lists import access_lists
from simulation.activity import Activity, Slipped
from simulation.columns import arrow_table
from simulation.delivery import History, folder_name, format_of, write_day
from simulation.dirt import Dirt
from simulation.feeds import EVENT_COUNTERS, FEEDS
from simulation.findings import Findings
from simulation.parameters import Parameters
from simulation.people import People
from simulation.records import Records
from simulation.reviews import Reviews
from simulation.roster import Roster
from simulation.slips import FROM_HOME, breach, daily, expected_tickets, state, ticket_share
from simulation.tables import Array, Outbox
from simulation.tickets import TicketDesk
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
        streams = [np.random.default_rng(child) for child in np.random.SeedSequence(p.seed).spawn(10)]
        self.slip_rng = streams[8]
        self.outbox = Outbox()
        self.seen = Outbox()
        self.world = World(p, streams[0])
        self.people = People(p, self.world, streams[1])
        self.roster = Roster(p, self.people, streams[2])
        self.training = Training(p, self.people, self.world, streams[3], self.outbox)
        self.records = Records(p, self.people, self.world, self.outbox)
        self.desk = TicketDesk(p, self.people, streams[4])
        self.access = Access(p, self.people, self.world, self.desk, streams[5])
        self.reviews = Reviews(self.people, self.world, self.access)
        self.work = Work(p, self.people, self.world, self.desk, streams[4])
        self.activity = Activity(p, self.people, self.world, self.access, self.desk, streams[6])
        self.findings = Findings(p, self.people, streams[7])
        self.truth = Truth(p, out / "truth", len(self.people.w))
        self.history = History(out / "landing" / "canonical" / "history")
        self.dirt = Dirt(p, out, streams[9])
        self.counters = dict.fromkeys(EVENT_COUNTERS, 0)
        self.rows: dict[str, int] = {}

    def run(self, progress: Callable[[int, int], None] | None) -> SimulationReport:
        p = self.p
        self.roster.publish(0, self.outbox)
        for day in range(p.days + TAIL):
            weekday = (p.first_day + day + 3) % 7
            self._live(day, weekday)
            if day < p.days:
                self._deliver(day, weekday)
            else:
                self.outbox.take(day)  # the world runs on, but nobody will read these rows
            self.truth.write_due(day)
            if progress:
                progress(day + 1, p.days + TAIL)
        written = self.history.close()
        for feed, count in written.items():
            self.rows[feed] = self.rows.get(feed, 0) + count
        planted = self.dirt.close()
        return SimulationReport(self.out, self.out / "landing", self.out / "truth", self.rows, self.truth.close(), planted)

    def _live(self, day: int, weekday: int) -> None:
        """One day of the hidden world and of the people in it."""
        p, world, people, delivered = self.p, self.world, self.people, day < self.p.days
        capacity = people.capacity(day)
        usual = max(0.0035 * p.agents, 0.5)
        changes = len(people.hired_today) + len(people.left_today) + len(people.moved_today)
        world.step(day, capacity, min(changes / usual, 4.0))
        quits = people.step(day, weekday)
        at_work = self.roster.work(day, world, self.outbox)
        late, dormant, tools = self.access.step(day, at_work.worker, self.outbox, self.activity.later)
        self.records.step(day, self.outbox)
        course, overdue = self.training.step(day, at_work, self.outbox)
        self.reviews.step(day, self.outbox)

        now = state(day, people, world, self.access)
        hazards, late_ticket, load = daily(now), breach(now), self.work.load(capacity)
        slipped = self._draw(hazards, at_work.worker, at_work.off)
        ticket_slip = np.minimum(hazards["OPS-01"] / p.tickets_per_shift / load[people.w.process], 0.5)
        cases = self.work.cases(
            day, at_work, load, ticket_slip[at_work.worker], late_ticket[at_work.worker], self.outbox, self.seen
        )
        self.work.side(day, at_work, self.outbox, self.seen)
        if delivered:
            self.activity.step(day, at_work, self.roster, cases, tools, slipped, self.outbox)
        self.roster.publish(day + 1, self.outbox)

        found = {
            "JML-01": late,
            "HR-02": overdue,
            "ACC-02": dormant,
            "SEC-02": at_work.worker[slipped.no_mfa],
            "DATA-02": at_work.worker[slipped.bulk],
            "DATA-04": np.concatenate([at_work.worker[slipped.off_shift], slipped.from_home]),
        }
        self._outcomes(day, weekday, found)
        volume = expected_tickets(p, people, load)
        hazards["OPS-01"] = hazards["OPS-01"] * ticket_share(people)
        self.truth.record(
            day,
            weekday,
            people,
            hazards,
            {"leave": quits, "late": self.access.late_chance(), "course": course},
            (volume, volume * late_ticket + self.work.late_incidents(day)),
            self.work.incident_rate() * self.work.incident_trouble(),
        )
        if delivered and (weekday == 6 or day >= p.days - p.daily_deliveries - 1):
            self.truth.remember(day, people, world, self.training, self.access, now)

    def _draw(self, hazards: dict[str, Array], at_work: Array, off: Array) -> Slipped:
        """Who slips today."""
        chance = {
            control: self.slip_rng.random(len(at_work)) < values[at_work]
            for control, values in hazards.items()
            if control != "OPS-01"
        }
        home = off[self.slip_rng.random(len(off)) < FROM_HOME * hazards["DATA-04"][off]]
        return Slipped(chance["SEC-02"], chance["DATA-04"], chance["DATA-02"], home)

    def _outcomes(self, day: int, weekday: int, found: dict[str, Array]) -> None:
        """Tell the truth what failed today; controls of process and agent count for the agent's process too."""
        seen = self.seen.take(day)
        none = np.zeros(0, int)
        found["OPS-01"] = seen.get("slips", {"worker": none})["worker"]
        for control, workers in found.items():
            self.truth.fail(day, control, workers)
            if control in ("JML-01", "SEC-02", "ACC-02", "OPS-01"):
                self.truth.fail(day, control, self.people.w.process[workers], process=True)
        self.truth.fail(day, "INC-01", seen.get("incidents", {"process": none})["process"], process=True)
        if weekday == 0 or day == 0:
            self.truth.service.restart(len(self.people.w))
        done = seen.get("finished", {"worker": none, "process": none, "late": none.astype(bool)})
        agents, processes = self.truth.service.count(done["worker"], done["process"], done["late"], len(self.people.w))
        self.truth.fail(day, "OPS-04", agents)
        self.truth.fail(day, "OPS-04", processes, process=True)
        self.findings.step(day, found, self.outbox)

    def _deliver(self, day: int, weekday: int) -> None:
        """Turn the rows of this day into files: history, or the folder of the day."""
        p = self.p
        first_daily = p.days - p.daily_deliveries
        rows = self.outbox.take(day)
        if "tickets" in rows:
            self.desk.hand_over(rows["tickets"])
        if weekday == 6 or day == 0 or day >= first_daily - 1:
            rows |= self.records.lists(day) | access_lists(day, self.access, self.world)
        for name in FEEDS:
            if name not in rows:
                continue
            feed, columns = FEEDS[name], rows[name]
            order = np.argsort(columns[feed.sort_by], kind="stable")
            columns = {column: values[order] for column, values in columns.items()}
            if name in self.counters:
                key = feed.columns[0].name
                columns[key] = self.counters[name] + np.arange(len(order))
                self.counters[name] += len(order)
            table = arrow_table(feed.columns, columns)
            if day < first_daily:
                self.history.add(feed, self.dirt.history(feed, table, last=day == first_daily - 1), p.first_day + day)
                continue
            table = self.dirt.daily(feed, table, day - first_daily)
            if table is not None:
                write_day(
                    self.out / "landing" / "canonical" / folder_name(p.first_day + day),
                    name,
                    table,
                    format_of(name, day - first_daily),
                )
                self.rows[name] = self.rows.get(name, 0) + len(table)
