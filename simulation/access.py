"""Accounts and what they may do: created for joiners and movers, seldom used, forgotten, cleaned up, removed from leavers.

What becomes of an account belongs here: who is removed late, what falls dormant, what movers keep. Further rights are in
rights.py, lists in access_lists.py. Failure rules it can break: JML-01, ACC-02 (dormant), JML-02 and SEC-01 (old access kept).
"""

import numpy as np

from simulation.ledger import Ledger
from simulation.parameters import MOVES, Parameters
from simulation.people import People
from simulation.profiles import ALLOWED, DESKTOP, PRIVILEGED, READ, REFUND, REPORTS, UNMASK, UPDATE
from simulation.tables import DAY, NULL, Array, Outbox, Table
from simulation.tickets import TicketDesk
from simulation.world import World

DESK, APPLICATION, TOOL, OLD = range(4)  # what an account is to its owner; OLD is the one of a process left behind
DORMANT_DAYS = 90
REFIT_DAYS = 3  # a mover's old access may live this long
SETTLED_DAYS = 75  # the company renewed all accounts in this many days before the first delivery: no log-in lies before it


class Access:
    """All accounts and their entitlements, one row each."""

    def __init__(self, parameters: Parameters, people: People, world: World, desk: TicketDesk, rng: np.random.Generator) -> None:
        self._p, self._people, self._world, self._desk, self._rng = parameters, people, world, desk, rng
        room = 4 * len(people.w)
        self.a = Table(
            room,
            owner=np.int64,
            system=np.int64,
            kind=np.int64,
            use=np.int64,
            created=np.int64,
            disabled=np.int64,
            used=np.int64,
            rate=np.float64,
        )
        self.grants = Table(
            3 * room,
            account=np.int64,
            entitlement=np.int64,
            privileged=np.int64,
            client=np.int64,
            granted=np.int64,
            ticket=np.int64,
            until=np.int64,
            revoked=np.int64,
            risk=np.float64,
        )
        self.of = Table(len(people.w), desk=np.int64, application=np.int64, tool=np.int64)
        self.systems = 2 + int(world.client.max()) + 1
        everyone = np.arange(len(people.w))
        born = np.maximum(people.w.hired, -SETTLED_DAYS + rng.integers(0, SETTLED_DAYS - 5, len(everyone)))
        service = np.repeat(np.arange(self.systems), 2)
        self.a.append(
            len(service),
            owner=-1,
            system=service,
            kind=np.where(np.arange(len(service)) % 10 == 9, 3, 1),
            use=DESK,
            created=self.seconds(-900),
            disabled=NULL,
            used=0,
        )
        self._join(everyone, self.seconds(born) + 5 * 3_600, np.full(len(everyone), -1))

    def seconds(self, day: Array | int) -> Array:
        """Midnight of a day as seconds since 1970."""
        return (self._p.first_day + np.asarray(day)) * DAY

    def _create(self, owner: Array, system: Array, use: int, created: Array, ticket: Array, rate: Array | float) -> Array:
        """New accounts with the entitlements that go with their use."""
        new = self.a.append(
            len(owner),
            owner=owner,
            system=system,
            kind=0,
            use=use,
            created=created,
            disabled=NULL,
            used=created // DAY - self._p.first_day,
            rate=rate,
        )
        if use in (DESK, TOOL):
            self.grant(new, DESKTOP if use == DESK else REPORTS, created, ticket)
            return new
        role = self._people.w.role[owner]
        for entitlement in (READ, UPDATE, UNMASK, REFUND):
            held = ALLOWED[role, entitlement]
            self.grant(new[held], entitlement, created[held], ticket[held])
        return new

    def grant(self, account: Array, entitlement: Array | int, at: Array, ticket: Array, until: Array | int = NULL) -> None:
        """Give each of these accounts a right; `until` is in days since 1970."""
        self.grants.append(
            len(account),
            account=account,
            entitlement=entitlement,
            privileged=np.isin(entitlement, PRIVILEGED),
            client=np.maximum(self.a.system[account] - 2, -1),
            granted=at,
            ticket=ticket,
            until=until,
            revoked=NULL,
        )

    def _join(self, workers: Array, created: Array, ticket: Array) -> None:
        """The accounts of new workers: desktop, client application and, for some, a tool."""
        rng, count = self._rng, len(workers)
        row = self.of.append(count, tool=-1)
        self.of.desk[row] = self._create(workers, np.zeros(count, int), DESK, created, ticket, 1.0)
        self.of.application[row] = self._create(
            workers, 2 + self._world.client[self._people.w.process[workers]], APPLICATION, created, ticket, 1.0
        )
        some = rng.random(count) < self._p.tool_share
        rate = np.clip(np.exp(rng.normal(np.log(0.10), 0.95, some.sum())), 0.004, 0.8)
        self.of.tool[row[some]] = self._create(workers[some], np.ones(some.sum(), int), TOOL, created[some], ticket[some], rate)

    def late_chance(self) -> Array:
        """Hidden: chance that a worker leaving today keeps an account too long."""
        log_odds = self._p.late_removal + 0.9 * self._world.queue + 0.55 * self._world.slack
        return (1 / (1 + np.exp(-log_odds)))[self._people.w.process]

    def holds_old(self) -> Array:
        """Mask of workers who still hold an account of a process they left."""
        a = self.a
        held = a.owner[(a.use == OLD) & (a.disabled == NULL)]
        mask = np.zeros(len(self._people.w), bool)
        mask[held] = True
        return mask

    def clean_up_chance(self) -> Array:
        """Per account, the daily chance that somebody notices that it is not needed and disables it."""
        a, w = self.a, self._people.w
        slack = self._world.slack[w.process[np.maximum(a.owner, 0)]]
        return np.asarray(np.where(a.owner >= 0, 0.0045 * np.exp(-0.6 * slack), 0.0) * ((a.use == OLD) | (a.use == TOOL)))

    def step(
        self, day: int, weekday: int, workers: Array, outbox: Outbox, logins: Outbox, ledger: Ledger
    ) -> tuple[Array, Array, Array]:
        """One day on: leavers, movers, joiners of tomorrow, use, clean-up.

        Args:
            day: today.
            weekday: 0 is Monday.
            workers: row numbers of those at work today.
            outbox: where tickets go.
            logins: where log-ins after termination go (feed `extra`).
            ledger: where movers who keep what they had are told (JML-02, SEC-01).

        Returns:
            Workers whose removal is late, workers whose account fell dormant today, tool accounts used today.
        """
        people, a, rng = self._people, self.a, self._rng
        late = self._remove(day, people.left_today, outbox, logins)
        self._refit(day, weekday, people.moved_today, outbox, ledger)
        new = people.hired_today
        if len(new):
            ticket = self._desk.access(day, new, self.seconds(day) + 9 * 3_600, self.seconds(day + 1) + 4 * 3_600, outbox)
            self._join(new, np.full(len(new), self.seconds(day + 1) + 5 * 3_600), ticket)

        a.used[self.of.desk[workers]] = day
        a.used[self.of.application[workers]] = day
        tools = self.of.tool[workers]
        tools = tools[tools >= 0]
        tools = tools[(rng.random(len(tools)) < a.rate[tools]) & (a.disabled[tools] == NULL)]
        a.used[tools] = day

        idle = (a.disabled == NULL) & (day - a.used > 20)
        noticed = np.flatnonzero(idle & (rng.random(len(a)) < self.clean_up_chance()))
        a.disabled[noticed] = self.seconds(day) + rng.integers(10 * 3_600, 16 * 3_600, len(noticed))
        here = people.present(day)[np.maximum(a.owner, 0)] & (a.owner >= 0)
        dormant = here & (day - a.used == DORMANT_DAYS + 1) & ((a.disabled == NULL) | (a.disabled >= self.seconds(day + 1)))
        return late, np.unique(a.owner[dormant]), tools

    def _remove(self, day: int, leavers: Array, outbox: Outbox, logins: Outbox) -> Array:
        """Disable the accounts of those who are gone, some of them late; the late ones are sometimes used again."""
        a, rng = self.a, self._rng
        late_worker = np.zeros(len(self._people.w), bool)
        late_worker[leavers] = rng.random(len(leavers)) < self.late_chance()[leavers]
        leaver = np.zeros(len(self._people.w), bool)
        leaver[leavers] = True
        theirs = np.flatnonzero((a.owner >= 0) & leaver[np.maximum(a.owner, 0)] & (a.disabled == NULL))
        late = late_worker[a.owner[theirs]] & ((a.use[theirs] == DESK) | (rng.random(len(theirs)) < 0.6))
        wait = 2.2 + rng.exponential(2.5 + 2.5 * np.logaddexp(0, self._world.queue), len(theirs))
        prompt = self.seconds(day) + rng.integers(300, 3 * 3_600, len(theirs))
        a.disabled[theirs] = np.where(late, self.seconds(day) + (wait * DAY).astype(np.int64), prompt)
        self._desk.access(
            day,
            leavers,
            np.full(len(leavers), self.seconds(day) + 60),
            np.full(len(leavers), self.seconds(day) + np.where(late_worker[leavers], 3 * DAY, 3 * 3_600)),
            outbox,
        )
        used = theirs[late & (rng.random(len(theirs)) < 0.07)]
        at = self.seconds(day) + rng.integers(8 * 3_600, DAY + 18 * 3_600, len(used))
        logins.put_by("extra", at // DAY - self._p.first_day, {"account": used, "at": at}, day)
        return leavers[late_worker[leavers]]

    def _refit(self, day: int, weekday: int, movers: Array, outbox: Outbox, ledger: Ledger) -> None:
        """A mover gets the new application before the first shift there; the old account is disabled first, or kept."""
        people, a, w = self._people, self.a, self._people.w
        kept_chance = self._world.trouble(0.0, 0.6)
        if weekday == 6:  # whatever their time here, which truth.py looks at
            away = people.going @ (self._world.client[:, None] != self._world.client[None, :])
            here = np.flatnonzero(people.present(day))
            chance = 7 * self._p.move_rate * (kept_chance @ people.going) * away[w.process[here]]
            for control in MOVES:
                ledger.chance(control, day, here, chance)
        if not len(movers):
            return
        old = self.of.application[movers]
        system = 2 + self._world.client[w.process[movers]]
        changed = a.system[old] != system
        movers, old, system = movers[changed], old[changed], system[changed]
        kept = self._rng.random(len(movers)) < kept_chance[w.process[movers]]
        a.use[old] = OLD
        a.disabled[old[~kept]] = self.seconds(day) + 3_600 + self._rng.integers(0, 3 * 3_600, (~kept).sum())
        held = np.isin(self.grants.account, old[kept]) & (self.grants.privileged == 1) & (self.grants.revoked == NULL)
        self.grants.revoked[held] = self.seconds(day) + 3_600  # what is privileged is looked at, whatever else is forgotten
        created = np.full(len(movers), self.seconds(day) + 5 * 3_600)
        ticket = self._desk.access(day, movers, created - 4 * 3_600, created - 3_600, outbox)
        self.of.application[movers] = self._create(movers, system, APPLICATION, created, ticket, 1.0)
        ledger.fail("SEC-01", day, movers[kept], day)
        ledger.fail("JML-02", day + REFIT_DAYS, movers[kept], day)
