"""Rights beyond the role's own: asked for, given to new leads, renewed, taken back in time or forgotten.

The further rights of an account belong here, with the requests and approvals behind them. Accounts are in access.py, roles in
people.py. Failure rules it can break: JML-03 (no approval before), ACC-04 (privileged beyond its end), ACC-05 (forbidden pairs).
"""

import numpy as np

from simulation.access import REFIT_DAYS, Access
from simulation.ledger import Ledger
from simulation.parameters import Parameters
from simulation.people import People
from simulation.profiles import ADMIN, AGENT, ALLOWED, APPROVE, EXPORT, PRIVILEGED, REFUND, UNMASK, is_toxic_with
from simulation.tables import DAY, NULL, Array, Outbox
from simulation.tickets import TicketDesk
from simulation.world import World

RENEWED_FOR = 60  # days of a privileged right
DECIDED_BEFORE = 5  # days before its end at which a renewal is decided, or forgotten
ASKED = (EXPORT, REFUND)


class Rights:
    """Gives, renews and takes further rights, once a day."""

    def __init__(
        self, p: Parameters, people: People, world: World, access: Access, desk: TicketDesk, rng: np.random.Generator
    ) -> None:
        self._p, self._people, self._world, self._access, self._desk, self._rng = p, people, world, access, desk, rng

    def found(self, outbox: Outbox) -> None:
        """The leads there are on the first day hold their rights already, with an approved request."""
        leads = np.unique(self._people.lead[self._people.lead >= 0])
        account = self._access.of.application[leads]
        given = self._access.a.created[account] + 6 * 3_600
        self._give_lead_rights(0, leads, given, outbox)
        grants = self._access.grants
        privileged = np.flatnonzero(grants.privileged)
        grants.until[privileged] = self._p.first_day + self._rng.integers(DECIDED_BEFORE + 1, RENEWED_FOR, len(privileged))

    def step(self, day: int, at_work: Array, outbox: Outbox, ledger: Ledger) -> None:
        """One day on: new leads, people who left a role, requests of those at work, ends of privileged rights."""
        held = self._held()
        self._refit(day, held, outbox, ledger)
        self._ask(day, at_work, held, outbox, ledger)
        self._end(day, outbox, ledger)

    def _live(self) -> Array:
        """Row numbers of rights not taken back, on accounts not disabled."""
        access = self._access
        return np.flatnonzero((access.grants.revoked == NULL) & (access.a.disabled[access.grants.account] == NULL))

    def _held(self) -> Array:
        """Per worker and entitlement, whether the application account ever had it (no row of the list comes twice)."""
        grants, of = self._access.grants, self._access.of.application
        owner = self._access.a.owner[grants.account]
        now = np.flatnonzero(of[np.maximum(owner, 0)] == grants.account)
        held = np.zeros((len(of), ALLOWED.shape[1]), bool)
        held[owner[now], grants.entitlement[now]] = True
        return held

    def _refit(self, day: int, held: Array, outbox: Outbox, ledger: Ledger) -> None:
        """New leads get what leads hold; what a new role does not allow is taken away, or kept where nobody looks."""
        people, w, rng = self._people, self._people.w, self._rng
        new = people.promoted_today[people.promoted_today < len(held)]
        new = np.unique(new[~w.gone[new] & (w.role[new] == 2)])
        given = np.maximum(
            self._access.seconds(day) + 12 * 3_600, self._access.a.created[self._access.of.application[new]] + 3_600
        )
        new, given = new[~held[new, APPROVE]], given[~held[new, APPROVE]]
        self._give_lead_rights(day, new, given, outbox)
        changed = np.union1d(new, people.moved_today)
        if not len(changed):
            return
        careless = np.zeros(len(w), bool)
        careless[changed] = rng.random(len(changed)) < 0.6 * self._world.trouble(0.0, 0.6)[w.process[changed]]
        grants, owner = self._access.grants, self._access.a.owner[self._access.grants.account]
        now = self._live()
        now = now[(self._access.of.application[np.maximum(owner[now], 0)] == grants.account[now]) & np.isin(owner[now], changed)]
        extra = now[~ALLOWED[w.role[owner[now]], grants.entitlement[now]]]
        taken = extra[~careless[owner[extra]]]
        grants.revoked[taken] = np.maximum(self._access.seconds(day) + 13 * 3_600, grants.granted[taken] + 3_600)
        kept = extra[careless[owner[extra]]]
        ledger.fail("JML-02", day + REFIT_DAYS, np.unique(owner[kept]), day)
        ledger.fail("ACC-04", day, np.unique(owner[kept[np.isin(grants.entitlement[kept], PRIVILEGED)]]), day)
        ledger.fail("ACC-05", day, np.intersect1d(owner[kept[np.isin(grants.entitlement[kept], ASKED)]], new), day)

    def _give_lead_rights(self, day: int, leads: Array, given: Array, outbox: Outbox) -> None:
        account = self._access.of.application[leads]
        ticket = self._desk.access(day, leads, given - 5 * 3_600, given - 1_800, outbox)
        until = given // DAY + RENEWED_FOR
        self._access.grant(account, APPROVE, given, ticket, until)
        some = leads % 4 == 0
        self._access.grant(account[some], ADMIN, given[some], ticket[some], until[some])
        for allowed in (0, 1, UNMASK):
            lacks = ~self._held()[leads, allowed]
            self._access.grant(account[lacks], allowed, given[lacks], ticket[lacks])

    def _ask(self, day: int, at_work: Array, held: Array, outbox: Outbox, ledger: Ledger) -> None:
        """Requests for a further right; where discipline is loose it is given first and approved later, or though it is toxic."""
        rng, w, p = self._rng, self._people.w, self._p
        loose = self._world.trouble(-2.1, 0.9, queue=0.5)[w.process[at_work]]
        careless = np.exp(1.0 * self._people.carelessness()[at_work])
        wants = rng.integers(0, 2, len(at_work))
        every = np.arange(len(at_work))
        free = np.stack([~held[at_work, right] for right in ASKED])
        toxic = np.stack([is_toxic_with(held[at_work], right) for right in ASKED])
        chance = loose * careless / (1 - loose + loose * careless)
        rate = p.ask_rate * np.where(w.role[at_work] == AGENT, 1.0, 3.0)
        ledger.chance("JML-03", day, at_work, rate * chance / 2 * free.sum(axis=0))
        ledger.chance("ACC-05", day, at_work, rate * chance / 2 * (free & toxic).sum(axis=0))

        right, free, toxic = np.array(ASKED)[wants], free[wants, every], toxic[wants, every]
        asks = rng.random(len(at_work)) < rate
        slips = rng.random(len(at_work)) < chance
        how = rng.random(len(at_work))  # approved late, no request, approved by the one who asked
        who = np.flatnonzero(asks & free & (~toxic | slips))
        worker, right, slips, how, toxic = at_work[who], right[who], slips[who], how[who], toxic[who]
        given = self._access.seconds(day) + rng.integers(12 * 3_600, 17 * 3_600, len(who))
        late = slips & (how < 0.6)
        approved = np.where(late, given + rng.integers(6 * 3_600, 4 * DAY, len(who)), given - 3_600)
        ticket = self._desk.access(
            day, worker, given - 5 * 3_600, given + 600, outbox, approved=approved, by_requester=slips & (how >= 0.85)
        )
        none = slips & (how >= 0.6) & (how < 0.85)
        until = given // DAY + rng.integers(30, 90, len(who))
        self._access.grant(self._access.of.application[worker], right, given, np.where(none, -1, ticket), until)
        ledger.fail("JML-03", day, worker[slips], day)
        ledger.fail("ACC-05", day, worker[slips & toxic], day)

    def _end(self, day: int, outbox: Outbox, ledger: Ledger) -> None:
        """Ordinary further rights are taken back at their end; privileged ones are renewed before it, or late."""
        grants, a, w, rng = self._access.grants, self._access.a, self._people.w, self._rng
        today = self._p.first_day + day
        live = self._live()
        live = live[grants.until[live] != NULL]
        over = live[(grants.privileged[live] == 0) & (grants.until[live] <= today)]
        grants.revoked[over] = self._access.seconds(day) + 9 * 3_600
        privileged = live[(grants.privileged[live] == 1) & (w.role[a.owner[grants.account[live]]] == 2)]

        due = privileged[grants.until[privileged] - DECIDED_BEFORE == today]
        due = due[grants.risk[due] == 0]
        owner = a.owner[grants.account[due]]
        forgets = self._world.trouble(-1.7, 0.8, backlog=0.8)[w.process[owner]]
        late = rng.random(len(due)) < forgets
        grants.risk[due[late]] = forgets[late]
        ledger.chance("ACC-04", day + DECIDED_BEFORE + 1, owner, forgets)
        ledger.fail("ACC-04", day + DECIDED_BEFORE + 1, owner[late], day)
        overdue = privileged[(grants.risk[privileged] > 0) & (grants.until[privileged] < today - 4)]
        renewed = np.concatenate([due[~late], overdue[rng.random(len(overdue)) < 0.12]])
        grants.risk[renewed] = 0
        grants.until[renewed] += RENEWED_FOR
        at = self._access.seconds(day) + rng.integers(9 * 3_600, 17 * 3_600, len(renewed))
        self._desk.approve(day, grants.ticket[renewed], self._people.other_lead(a.owner[grants.account[renewed]]), at, outbox)
