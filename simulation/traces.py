"""The traces that slips leave in log-ins and data accesses.

What a slip looks like in the feeds belongs here: a bulk export, an access outside the shift, a log-in from abroad or from
somebody else's device, a record opened out of curiosity, a masked field shown. Whether somebody slips is decided in slips.py.
"""

from dataclasses import dataclass

import numpy as np

from simulation.access import Access
from simulation.events import DOWNLOAD, EXPORTS, SEARCH, UNMASK, VIEW, Events
from simulation.parameters import Parameters
from simulation.people import People
from simulation.roster import AtWork, Roster
from simulation.tables import DAY, Array, Outbox
from simulation.tickets import EXPORT, TicketDesk


@dataclass(frozen=True)
class Slipped:
    """Who slips today: masks over the people at work by control, and row numbers of people off work who log on."""

    at_work: dict[str, Array]
    from_home: Array


class Traces:
    """Leaves the traces of today's slips."""

    def __init__(
        self,
        parameters: Parameters,
        people: People,
        access: Access,
        desk: TicketDesk,
        events: Events,
        rng: np.random.Generator,
    ) -> None:
        self._p, self._people, self._access, self._desk, self._events, self._rng = parameters, people, access, desk, events, rng

    def step(self, day: int, at_work: AtWork, roster: Roster, slipped: Slipped, outbox: Outbox) -> None:
        """All traces of one day; a missing second factor is in the ordinary log-in already."""
        masks = slipped.at_work
        self._bulk(day, at_work, masks["DATA-02"], outbox)
        self._out_of_shift(day, at_work, roster, masks["DATA-04"], slipped.from_home, outbox)
        for control, trace in (
            ("SEC-03", self._abroad),
            ("ACC-06", self._shared),
            ("DATA-01", self._curious),
            ("DATA-03", self._shown),
        ):
            who = np.flatnonzero(masks[control])
            trace(day, at_work.worker[who], at_work.starts[who] + self._rng.integers(2 * 3_600, 7 * 3_600, len(who)))

    def _abroad(self, day: int, worker: Array, at: Array) -> None:
        self._events.log_in(day, self._access.of.application[worker], at, is_abroad=True)

    def _shared(self, day: int, worker: Array, at: Array) -> None:
        """A colleague, often the lead, logs in with this account while its holder works with it."""
        lead = self._people.lead[self._people.w.team[worker]]
        other = np.where((lead >= 0) & (lead != worker), lead, (worker + 1) % len(self._people.w))
        account = self._access.of.application[worker]
        self._events.log_in(day, account, at)
        self._events.log_in(day, account, at + 300, device=other)
        self._events.log_in(day, account, at + 720)

    def _curious(self, day: int, worker: Array, at: Array) -> None:
        """Two records of somebody who has no case."""
        customer = 25 * self._p.agents * (1 + self._rng.random(2 * len(worker)))
        account, at = np.repeat(self._access.of.application[worker], 2), np.repeat(at, 2)
        at = at + self._rng.integers(0, 900, len(at))
        self._events.use(day, account, at, VIEW, 1, customer.astype(np.int64), np.full(len(at), -1))

    def _shown(self, day: int, worker: Array, at: Array) -> None:
        """A masked field shown without a ticket: by an agent, who may not, or by somebody who may."""
        none = np.full(len(worker), -1)
        self._events.use(day, self._access.of.application[worker], at, UNMASK, 1, none, none)

    def _bulk(self, day: int, at_work: AtWork, bulk: Array, outbox: Outbox) -> None:
        """Large exports: those of slips without, the others with an approved request."""
        rng = self._rng
        asked = ~bulk & (rng.random(len(bulk)) < 0.002)
        for who, approved in ((np.flatnonzero(bulk), False), (np.flatnonzero(asked), True)):
            count, starts, worker = len(who), at_work.starts[who], at_work.worker[who]
            application = self._access.of.application[worker]
            ticket = np.full(count, -1)
            if approved and count:
                approver = self._people.other_lead(worker)
                ticket = self._desk.file(
                    day,
                    EXPORT,
                    outbox,
                    opened=starts + 600,
                    due=starts + 2 * DAY,
                    responded=starts + 1_500,
                    process=self._people.w.process[worker],
                    resolved=starts + 7 * 3_600,
                    assignee=worker,
                    beneficiary_id=worker,
                    account_id=application,
                    checker=approver,
                )
                self._desk.approve(day, ticket, approver, starts + 2_400, outbox)
            at = starts + rng.integers(3_600 if approved else 600, int(6.5 * 3_600), count)
            action, records = rng.choice([EXPORTS, DOWNLOAD], count), rng.integers(1_500, 6_000, count)
            self._events.use(day, application, at, action, records, np.full(count, -1), ticket)

    def _out_of_shift(
        self, day: int, at_work: AtWork, roster: Roster, off_shift: Array, from_home: Array, outbox: Outbox
    ) -> None:
        """Log-ins well after the shift, some inside overtime that nobody approved, and log-ins from rest days and leave."""
        rng = self._rng
        who = np.flatnonzero(off_shift)
        after = at_work.ends[who] + rng.integers(80 * 60, 190 * 60, len(who))
        claim = who[rng.random(len(who)) < 0.4]
        rows = roster.unapproved(at_work.worker[claim], at_work.ends[claim], at_work.ends[claim] + 4 * 3_600)
        outbox.put_by("shifts", self._desk.day_of(rows["updated_at"]), rows, day)
        midday = (self._p.first_day + day) * DAY + rng.integers(11 * 3_600, 19 * 3_600, len(from_home))
        worker, at = np.concatenate([at_work.worker[who], from_home]), np.concatenate([after, midday])
        account = self._access.of.application[worker]
        self._events.log_in(day, account, at)
        twice, later = np.repeat(account, 2), np.repeat(at, 2) + rng.integers(60, 1_200, 2 * len(at))
        nobody = np.full(len(twice), -1)
        self._events.use(day, twice, later, SEARCH, 1 + rng.integers(0, 14, len(twice)), nobody, nobody)
