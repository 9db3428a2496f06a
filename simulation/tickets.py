"""Tickets: one number range, their versions, steps and approvals.

How a ticket of any kind is written belongs here: opening version, closing version, a reopening, events, approvals. Which
tickets there are, and how well they go, is decided in work.py, access.py and activity.py.
"""

import numpy as np

from simulation.feeds import LINES
from simulation.parameters import Parameters
from simulation.people import People
from simulation.tables import DAY, NULL, Array, Outbox, spread
from simulation.world import World

CASE, INCIDENT, SECURITY, CHANGE, ACCESS, EXPORT, REMEDIATION, VULNERABILITY, QA = range(9)
NEW, IN_PROGRESS, ON_HOLD, RESOLVED, CLOSED, CANCELLED = range(6)
OPENED, IDENTITY, WORK, QUALITY, STEP_CLOSED, REOPENED = range(6)
NO_CHECK, LATE_CHECK, OWN_CHECK = range(3)  # what can go wrong with the procedure of a ticket (`wrong`, -1 for nothing)
CHECKED_LINES = tuple(LINES.index(line) for line in ("card disputes", "fraud review"))  # somebody senior looks at every ticket


class TicketDesk:
    """Numbers tickets and writes their rows into the outbox."""

    def __init__(self, parameters: Parameters, people: People, world: World, rng: np.random.Generator) -> None:
        self._p, self._people, self._rng = parameters, people, rng
        self.is_checked = np.append(np.isin(world.line, CHECKED_LINES), False)  # the last one stands for "no process"
        self._next = 0

    def day_of(self, at: Array) -> Array:
        """Delivery day of a moment in seconds since 1970."""
        return at // DAY - self._p.first_day

    def file(
        self,
        day: int,
        kind: Array | int,
        outbox: Outbox,
        *,
        opened: Array,
        due: Array,
        responded: Array,
        resolved: Array,
        assignee: Array,
        process: Array,
        **more: Array,
    ) -> Array:
        """Write the opening and the closing version of new tickets and their events; returns the ticket numbers."""
        count = len(opened)
        number = np.arange(self._next, self._next + count)
        self._next += count
        closed = resolved + 120 + (3_000 * spread(number, 3)).astype(np.int64)
        absent, none, unknown = np.full(count, -1), np.full(count, NULL), np.full(count, -1)
        base = {
            "ticket_id": number,
            "kind": np.broadcast_to(kind, count),
            "process_id": process,
            "priority": np.full(count, 4),
            "opened_at": opened,
            "opened_by": assignee,
            "assignee_id": assignee,
            "due_at": due,
            "reassignment_count": np.zeros(count, int),
            "customer_ref": absent,
            "beneficiary_id": absent,
            "account_id": absent,
            "change_type": absent,
            "planned_start_at": none,
            "actual_start_at": none,
            "has_risk_assessment": unknown,
            "has_test_plan": unknown,
            "has_backout_plan": unknown,
        }
        late = {"close_code": np.where(spread(number, 5) < 0.85, 0, 1), "has_evidence": np.ones(count, int)}
        late |= {name: more[name] for name in late if name in more}
        base |= {name: values for name, values in more.items() if name in base}
        first = base | {
            "status": np.where(assignee >= 0, IN_PROGRESS, NEW),
            "first_response_at": none,
            "resolved_at": none,
            "closed_at": none,
            "close_code": absent,
            "sla_met": unknown,
            "reopen_count": np.zeros(count, int),
            "has_evidence": unknown,
            "actual_start_at": none,
            "updated_at": opened,
        }
        last = (
            first
            | late
            | {
                "status": np.full(count, CLOSED),
                "first_response_at": responded,
                "resolved_at": resolved,
                "closed_at": closed,
                "sla_met": (resolved <= due).astype(int),
                "actual_start_at": base["actual_start_at"],
                "updated_at": closed,
            }
        )
        outbox.put_by("tickets", self.day_of(opened), first, day)
        outbox.put_by("tickets", self.day_of(closed), last, day)
        again = more.get("reopened", none)
        back = np.flatnonzero(again != NULL)
        if len(back):
            part = {name: values[back] for name, values in last.items()}
            reopened = part | {
                "status": np.full(len(back), IN_PROGRESS),
                "reopen_count": np.ones(len(back), int),
                "closed_at": none[back],
                "resolved_at": none[back],
                "updated_at": again[back],
            }
            outbox.put_by("tickets", self.day_of(again[back]), reopened, day)
            end = again[back] + DAY // 2
            final = reopened | {
                "status": np.full(len(back), CLOSED),
                "resolved_at": end - 600,
                "closed_at": end,
                "updated_at": end,
            }
            outbox.put_by("tickets", self.day_of(end), final, day)
        wrong = more.get("wrong", absent)
        checker = np.where(wrong == OWN_CHECK, assignee, more.get("checker", assignee))
        # Who closes or comes back later than the shift is not at a desk: the tool does it, in nobody's name.
        closer = np.where(closed <= more.get("until", opened + 8 * 3_600), assignee, -1)
        identity = np.where(wrong == NO_CHECK, NULL, np.where(wrong == LATE_CHECK, closed + 300, responded))
        checked = np.where(self.is_checked[process], responded + np.minimum((resolved - responded) // 2, 2_400), NULL)
        steps = (
            (OPENED, opened, assignee),
            (IDENTITY, identity, np.where(wrong == LATE_CHECK, closer, assignee)),
            (QUALITY, checked, checker),
            (STEP_CLOSED, closed, closer),
            (REOPENED, again, absent),
        )
        self._events(day, number, steps, outbox)
        return number

    def _events(self, day: int, number: Array, steps: tuple[tuple[int, Array, Array], ...], outbox: Outbox) -> None:
        for step, moment, actor in steps:
            keep = moment != NULL
            rows = {
                "ticket_id": number[keep],
                "occurred_at": moment[keep],
                "actor_id": actor[keep],
                "step": np.full(keep.sum(), step),
            }
            if keep.any():
                outbox.put_by("ticket_events", self.day_of(moment[keep]), rows, day)

    def approve(self, day: int, number: Array, approver: Array, at: Array, outbox: Outbox) -> None:
        """An approval of each ticket; a team without a lead approves nothing."""
        number, approver, at = number[approver >= 0], approver[approver >= 0], at[approver >= 0]
        rows = {"ticket_id": number, "approver_id": approver, "decision": np.zeros(len(number), int), "decided_at": at}
        outbox.put_by("approvals", self.day_of(at), rows, day)

    def access(
        self,
        day: int,
        workers: Array,
        opened: Array,
        resolved: Array,
        outbox: Outbox,
        *,
        approved: Array | None = None,
        by_requester: Array | bool = False,
    ) -> Array:
        """Access requests for these workers, owned by IT (no process, no assignee).

        Args:
            day: today.
            workers: who shall have the access.
            opened: when their team lead asks for it.
            resolved: when it is done.
            outbox: where the rows go.
            approved: when it is approved; half an hour after the request where nothing is said.
            by_requester: mask, approved by the lead who asked; otherwise by the lead of another team.
        """
        count = len(workers)
        opened, resolved = np.broadcast_to(opened, count).copy(), np.broadcast_to(resolved, count).copy()
        nobody = np.full(count, -1)
        lead = self._people.lead[self._people.w.team[workers]]
        number = self.file(
            day,
            ACCESS,
            outbox,
            opened=opened,
            due=opened + 5 * DAY,
            responded=opened + 900,
            resolved=resolved,
            assignee=nobody,
            process=nobody,
            opened_by=lead,
            beneficiary_id=workers,
        )
        other = self._people.other_lead(lead)
        other = np.where(other == workers, self._people.other_lead(other), other)
        approver = np.where(by_requester, lead, other)
        self.approve(day, number, approver, opened + 1_800 if approved is None else approved, outbox)
        return number

    def hand_over(self, rows: dict[str, Array]) -> None:
        """Give the tickets of people who have left to their team lead, in the rows of one day."""
        w = self._people.w
        gone = (rows["assignee_id"] >= 0) & w.gone[np.maximum(rows["assignee_id"], 0)]
        rows["assignee_id"][gone] = self._people.lead[w.team[rows["assignee_id"][gone]]]
        rows["reassignment_count"][gone] += 1
