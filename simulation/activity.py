"""Log-ins and data accesses of one day: the bulk of the rows, all drawn in whole columns.

The feeds `auth_events` and `data_access_events` belong here, and the traces that slips leave in them: a log-in without a
second factor, an access outside the shift, a bulk export. Whether somebody slips is decided in slips.py.
"""

from dataclasses import dataclass

import numpy as np

from simulation.access import Access
from simulation.parameters import Parameters
from simulation.people import People
from simulation.roster import AtWork, Roster
from simulation.tables import DAY, Array, Outbox
from simulation.tickets import EXPORT, TicketDesk
from simulation.work import DayWork
from simulation.world import World

VIEW, SEARCH, EXPORTS, DOWNLOAD, PRINT, UNMASK = range(6)


@dataclass(frozen=True)
class Slipped:
    """Who slips today: masks over the people at work, and row numbers of people off work who log on."""

    no_mfa: Array
    off_shift: Array
    bulk: Array
    from_home: Array


class Activity:
    """Draws the events of one day; what happens after midnight waits for the next day."""

    def __init__(
        self, parameters: Parameters, people: People, world: World, access: Access, desk: TicketDesk, rng: np.random.Generator
    ) -> None:
        self._p, self._people, self._world, self._access, self._desk, self._rng = parameters, people, world, access, desk, rng
        self.later = Outbox()
        self._log_ins = 1 + 0.05 * parameters.events_per_shift

    def step(
        self, day: int, at_work: AtWork, roster: Roster, work: DayWork, tools: Array, slipped: Slipped, outbox: Outbox
    ) -> None:
        """Draw all events of today's shifts and deliver those of this calendar day.

        Log-ins after termination are in `later` already (feed `extra`, from access.py) and are not filtered by who is gone.
        """
        rng, access = self._rng, self._access
        workers, length = at_work.worker, at_work.ends - at_work.starts
        application = access.of.application[workers]
        extra = rng.poisson(self._log_ins - 1, len(workers))
        row = np.repeat(np.arange(len(workers)), extra)
        self._auth(day, access.of.desk[workers], at_work.starts + rng.integers(-900, 900, len(workers)))
        self._auth(
            day, application, at_work.starts + rng.integers(900, 2_400, len(workers)), is_mfa=np.where(slipped.no_mfa, 0, 1)
        )
        self._auth(
            day, application[row], at_work.starts[row] + 2_400 + (rng.random(len(row)) * (length[row] - 2_400)).astype(np.int64)
        )
        shift = {"starts": np.zeros(len(self._people.w), np.int64)}
        shift["starts"][workers] = at_work.starts
        self._auth(day, tools, shift["starts"][access.a.owner[tools]] + rng.integers(3_600, 7 * 3_600, len(tools)))

        count = rng.poisson(max(self._p.events_per_shift - self._log_ins - 1, 0.5), len(workers))
        row = np.repeat(np.arange(len(workers)), count)
        at = at_work.starts[row] + 1_200 + (rng.random(len(row)) * (length[row] - 1_200)).astype(np.int64)
        careful = np.clip(0.97 - 0.03 * (np.exp(0.6 * self._people.carelessness()) - 1), 0.6, 0.99)[workers]
        self._data(day, application[row], at, *self._ticket_of(row, work, careful))
        self._bulk(day, at_work, application, slipped.bulk, outbox)
        self._out_of_shift(day, at_work, roster, slipped, outbox)
        self._deliver(day, outbox)

    def _ticket_of(self, row: Array, work: DayWork, careful: Array) -> tuple[Array, Array]:
        """One of the agent's tickets of today per event, and its customer; the careless more often name none."""
        rng = self._rng
        has = (work.count[row] > 0) & (rng.random(len(row)) < careful[row])
        pick = work.first[row] + (rng.random(len(row)) * work.count[row]).astype(np.int64)
        pick = np.where(has, pick, 0)
        if not len(work.number):
            return np.full(len(row), -1), rng.integers(0, 25 * self._p.agents, len(row))
        return np.where(has, work.number[pick], -1), np.where(
            has, work.customer[pick], rng.integers(0, 25 * self._p.agents, len(row))
        )

    def _auth(self, day: int, account: Array, at: Array, is_mfa: Array | int = 1) -> None:
        rows = {"account": account, "at": at, "is_mfa": np.broadcast_to(is_mfa, len(account))}
        self.later.put_by("auth", self._desk.day_of(at), rows, day)

    def _data(self, day: int, account: Array, at: Array, ticket: Array, customer: Array) -> None:
        rng, count = self._rng, len(account)
        action = np.searchsorted(np.cumsum([0.72, 0.20, 0.012, 0.018, 0.02]), rng.random(count)).astype(np.int64)
        size = rng.random(count)
        records = np.where(
            action == SEARCH, 1 + 14 * size, np.where((action == EXPORTS) | (action == DOWNLOAD), 3 + 30 * size, 1)
        ).astype(np.int64)
        rows = {"account": account, "at": at, "action": action, "records": records, "ticket": ticket, "customer": customer}
        self.later.put_by("data", self._desk.day_of(at), rows, day)

    def _bulk(self, day: int, at_work: AtWork, application: Array, bulk: Array, outbox: Outbox) -> None:
        """Large exports: those of slips without, the others with an approved request."""
        rng = self._rng
        asked = ~bulk & (rng.random(len(bulk)) < 0.002)
        for who, approved in ((np.flatnonzero(bulk), False), (np.flatnonzero(asked), True)):
            count, starts, worker = len(who), at_work.starts[who], at_work.worker[who]
            ticket = np.full(count, -1)
            if approved and count:
                process = self._people.w.process[worker]
                lead = self._people.lead[self._people.w.team[worker]]
                ticket = self._desk.file(
                    day,
                    EXPORT,
                    outbox,
                    opened=starts + 600,
                    due=starts + 2 * DAY,
                    responded=starts + 1_500,
                    process=process,
                    resolved=starts + 7 * 3_600,
                    assignee=worker,
                    beneficiary_id=worker,
                    account_id=application[who],
                )
                self._desk.approve(day, ticket, lead, starts + 2_400, outbox)
            at = starts + rng.integers(3_600 if approved else 600, int(6.5 * 3_600), count)
            rows = {
                "account": application[who],
                "at": at,
                "action": rng.choice([EXPORTS, DOWNLOAD], count),
                "ticket": ticket,
                "records": rng.integers(1_500, 6_000, count),
                "customer": np.full(count, -1),
            }
            self.later.put_by("data", self._desk.day_of(at), rows, day)

    def _out_of_shift(self, day: int, at_work: AtWork, roster: Roster, slipped: Slipped, outbox: Outbox) -> None:
        """Log-ins well after the shift, some inside overtime that nobody approved, and log-ins from rest days and leave."""
        rng = self._rng
        who = np.flatnonzero(slipped.off_shift)
        after = at_work.ends[who] + rng.integers(80 * 60, 190 * 60, len(who))
        claimed = rng.random(len(who)) < 0.4
        claim = who[claimed]
        rows = roster.unapproved(at_work.worker[claim], at_work.ends[claim], at_work.ends[claim] + 4 * 3_600)
        outbox.put_by("shifts", self._desk.day_of(rows["updated_at"]), rows, day)
        midday = (self._p.first_day + day) * DAY + rng.integers(11 * 3_600, 19 * 3_600, len(slipped.from_home))
        worker = np.concatenate([at_work.worker[who], slipped.from_home])
        at = np.concatenate([after, midday])
        account = self._access.of.application[worker]
        self._auth(day, account, at)
        twice, later = np.repeat(account, 2), np.repeat(at, 2) + rng.integers(60, 1_200, 2 * len(at))
        self._data(day, twice, later, np.full(len(twice), -1), rng.integers(0, 25 * self._p.agents, len(twice)))

    def _deliver(self, day: int, outbox: Outbox) -> None:
        """The events of this calendar day, in the feeds' columns; nothing of people who left before it began."""
        rng, a, w = self._rng, self._access.a, self._people.w
        due = self.later.take(day)
        for name in sorted({"auth", "data"} & set(due)):
            here = ~w.gone[a.owner[due[name]["account"]]]
            due[name] = {column: values[here] for column, values in due[name].items()}
        for name in ("auth", "extra"):
            if name not in due:
                continue
            rows = due[name]
            account, count = rows["account"], len(rows["account"])
            owner = a.owner[account]
            site = self._world.site[w.process[owner]]
            abroad, shared = rng.random(count) < 0.002, rng.random(count) < 0.03
            is_mfa = rows.get("is_mfa", np.ones(count, int))
            mistyped = 0.02 * np.exp(0.6 * self._people.carelessness())[owner]
            outbox.put(
                "auth_events",
                day,
                {
                    "occurred_at": rows["at"],
                    "account_id": account,
                    "system_id": a.system[account],
                    "outcome": np.where((is_mfa == 1) & (rng.random(count) < mistyped), 1, 0),
                    "is_mfa": np.where((is_mfa == 1) & (rng.random(count) < 0.002), -1, is_mfa),
                    "country": np.where(abroad, 4, site),
                    "site": np.where(abroad, -1, site),
                    "device_id": np.where(shared, owner // 9, owner),
                    "is_managed_device": np.where(rng.random(count) < 0.01, -1, 1 - abroad.astype(int)),
                },
            )
        if "data" in due:
            rows = due["data"]
            outbox.put(
                "data_access_events",
                day,
                {
                    "occurred_at": rows["at"],
                    "account_id": rows["account"],
                    "system_id": a.system[rows["account"]],
                    "action": rows["action"],
                    "records": rows["records"],
                    "customer_ref": rows["customer"],
                    "ticket_id": rows["ticket"],
                },
            )
