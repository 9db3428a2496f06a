"""The rows of log-ins and data accesses: everything waits here until its own calendar day is delivered.

The feeds `auth_events` and `data_access_events` belong here. Which events there are is decided in activity.py (ordinary work),
traces.py (slips) and access.py (log-ins of people who have left, feed `extra`).
"""

import numpy as np

from simulation.access import Access
from simulation.parameters import Parameters
from simulation.people import People
from simulation.tables import DAY, Array, Outbox
from simulation.world import World

VIEW, SEARCH, EXPORTS, DOWNLOAD, PRINT, UNMASK = range(6)
ROMANIA, COLOMBIA = 4, 2  # where somebody logs in from who should not; the first is approved for Krakow


class Events:
    """Events by calendar day."""

    def __init__(self, parameters: Parameters, people: People, world: World, access: Access, rng: np.random.Generator) -> None:
        self._p, self._people, self._world, self._access, self._rng = parameters, people, world, access, rng
        self.later = Outbox()

    def log_in(
        self, day: int, account: Array, at: Array, *, is_mfa: Array | int = 1, device: Array | int = -1, is_abroad: bool = False
    ) -> None:
        """Log-ins; a device of -1 is the holder's own."""
        rows = {
            "account": account,
            "at": at,
            "is_mfa": np.broadcast_to(is_mfa, len(account)),
            "device": np.broadcast_to(device, len(account)),
            "abroad": np.full(len(account), is_abroad),
        }
        self.later.put_by("auth", at // DAY - self._p.first_day, rows, day)

    def use(
        self, day: int, account: Array, at: Array, action: Array | int, records: Array | int, customer: Array, ticket: Array
    ) -> None:
        """Data accesses."""
        count = len(account)
        rows = {
            "account": account,
            "at": at,
            "action": np.broadcast_to(action, count),
            "records": np.broadcast_to(records, count),
            "customer": customer,
            "ticket": ticket,
        }
        self.later.put_by("data", at // DAY - self._p.first_day, rows, day)

    def deliver(self, day: int, silent: Array, outbox: Outbox) -> None:
        """The events of this calendar day, in the feeds' columns.

        Args:
            day: today.
            silent: per system, whether its events of today are lost.
            outbox: where the rows go. Nothing of people who left before today is among them, except feed `extra`.
        """
        a, w = self._access.a, self._people.w
        due = self.later.take(day)
        for name, rows in due.items():
            here = ~silent[a.system[rows["account"]]] & (~w.gone[a.owner[rows["account"]]] | (name == "extra"))
            due[name] = {column: values[here] for column, values in rows.items()}
        for name in sorted({"auth", "extra"} & set(due)):
            self._log_ins(day, due[name], outbox)
        if "data" in due:
            rows = due["data"]
            columns = {
                "occurred_at": rows["at"],
                "account_id": rows["account"],
                "system_id": a.system[rows["account"]],
                "action": rows["action"],
                "records": rows["records"],
                "customer_ref": rows["customer"],
                "ticket_id": rows["ticket"],
            }
            outbox.put("data_access_events", day, columns)

    def _log_ins(self, day: int, rows: dict[str, Array], outbox: Outbox) -> None:
        rng, a, w = self._rng, self._access.a, self._people.w
        account, count = rows["account"], len(rows["account"])
        owner = a.owner[account]
        site = self._world.site[w.process[owner]]
        abroad = rows.get("abroad", np.zeros(count, bool))
        device, is_mfa = rows.get("device", np.full(count, -1)), rows.get("is_mfa", np.ones(count, int))
        is_plain = (is_mfa == 1) & (device < 0) & ~abroad  # what a slip leaves behind must stay readable
        mistyped = np.minimum(0.03 * np.exp(0.9 * self._people.carelessness()), 0.5)[owner]
        columns = {
            "occurred_at": rows["at"],
            "account_id": account,
            "system_id": a.system[account],
            "outcome": np.where(is_plain & (rng.random(count) < mistyped), 1, 0),
            "is_mfa": np.where(is_plain & (rng.random(count) < 0.002), -1, is_mfa),
            "country": np.where(abroad, np.where(site == 3, COLOMBIA, ROMANIA), site),
            "site": np.where(abroad, -1, site),
            "device_id": np.where(device >= 0, device, owner),
            "is_managed_device": np.where(rng.random(count) < 0.01, -1, 1 - abroad.astype(int)),
        }
        outbox.put("auth_events", day, columns)
