"""Access review campaigns: every quarter team leads decide about a share of the accounts.

The `access_review_items` feed belongs here, and the accounts that are disabled because of a decision. Failure rule it can break
(ACC-03): in a process that lets the campaign slide, some items are decided late or never, or carried out late.
"""

import numpy as np

from simulation.access import OLD, TOOL, Access
from simulation.ledger import Ledger
from simulation.people import People
from simulation.tables import DAY, NULL, Outbox, spread
from simulation.world import World

CAMPAIGN_DAYS, FIRST_CAMPAIGN, DUE_DAYS = 91, 25, 21


class Reviews:
    """Starts a campaign when its day comes."""

    def __init__(self, people: People, world: World, access: Access) -> None:
        self._people, self._world, self._access = people, world, access
        self._next = 0

    def step(self, day: int, outbox: Outbox, ledger: Ledger) -> None:
        """On the first day of a campaign: its items, and when they will be decided and carried out."""
        if day % CAMPAIGN_DAYS != FIRST_CAMPAIGN:
            return
        a, people, access = self._access.a, self._people, self._access
        campaign = day // CAMPAIGN_DAYS
        owner = np.maximum(a.owner, 0)
        chosen = (
            (a.owner >= 0)
            & (a.disabled == NULL)
            & ~people.w.gone[owner]
            & (a.use > 0)
            & (spread(np.arange(len(a)), 61 + campaign) < 0.4)
        )
        account = np.flatnonzero(chosen)
        number = self._next + np.arange(len(account))
        self._next += len(account)
        process = people.w.process[a.owner[account]]
        chance = spread(number, 62)
        unneeded = (a.use[account] == OLD) | ((a.use[account] == TOOL) & (day - a.used[account] > 55))
        revoke = unneeded & (chance < 0.65 / (1 + np.exp(self._world.slack[process])) + 0.2)
        start = int(access.seconds(day)) + 8 * 3_600
        due = np.full(len(account), start + DUE_DAYS * DAY)
        slides = self._world.trouble(-2.1, 0.8, backlog=0.6)
        first = np.unique(process, return_index=True)[1]
        is_first = np.isin(np.arange(len(account)), first)
        sliding = spread(np.arange(self._world.count), 65 + campaign) < slides
        late = sliding[process] & (is_first | (spread(number, 66) < 0.3))
        share = np.where(late, 1.05 + 0.4 * spread(number, 63), 0.02 + 0.9 * spread(number, 63))
        decided = start + (share * DUE_DAYS * DAY).astype(np.int64)
        days = np.where(late, 9, 0.1) + 4 * spread(number, 64)
        executed = np.where(revoke, decided + (days * DAY).astype(np.int64), NULL)
        reviewed = np.unique(process)
        ledger.process_chance("ACC-03", day + DUE_DAYS + 1, reviewed, slides[reviewed])
        ledger.fail_process("ACC-03", day + DUE_DAYS + 1, reviewed[sliding[reviewed]], day)
        lead = people.lead[people.w.team[a.owner[account]]]
        none, undecided = np.full(len(account), NULL), np.full(len(account), -1)
        base = {
            "campaign_id": np.full(len(account), campaign),
            "item_id": number,
            "account_id": account,
            "due_at": due,
            "entitlement": np.where(a.use[account] == TOOL, 6, 0),
            "reviewer_id": np.where(lead == a.owner[account], people.other_lead(lead), lead),
        }
        steps = (
            (undecided, none, none, np.full(len(account), start)),
            (revoke.astype(int), decided, none, decided),
            (revoke.astype(int), decided, executed, executed),
        )
        for decision, decided_at, executed_at, updated in steps:
            keep = updated != NULL
            rows = base | {"decision": decision, "decided_at": decided_at, "executed_at": executed_at, "updated_at": updated}
            rows = {name: values[keep] for name, values in rows.items()}
            if keep.any():
                outbox.put_by("access_review_items", updated[keep] // DAY - (start // DAY - day), rows, day)
        a.disabled[account[revoke]] = executed[revoke]
