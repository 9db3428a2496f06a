"""Tickets: one number range, their versions, steps and approvals.

How a ticket of any kind is written belongs here: opening version, closing version, a reopening, events, approvals. Which
tickets there are, and how well they go, is decided in work.py, access.py and activity.py.
"""

import numpy as np

from simulation.parameters import Parameters
from simulation.people import People
from simulation.tables import DAY, NULL, Array, Outbox, spread

CASE, INCIDENT, SECURITY, CHANGE, ACCESS, EXPORT, REMEDIATION, VULNERABILITY, QA = range(9)
NEW, IN_PROGRESS, ON_HOLD, RESOLVED, CLOSED, CANCELLED = range(6)
OPENED, IDENTITY, WORK, QUALITY, STEP_CLOSED, REOPENED = range(6)


class TicketDesk:
    """Numbers tickets and writes their rows into the outbox."""

    def __init__(self, parameters: Parameters, people: People, rng: np.random.Generator) -> None:
        self._p, self._people, self._rng = parameters, people, rng
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
        self._events(day, number, assignee, outbox, opened, responded, resolved, closed, again)
        return number

    def _events(self, day: int, number: Array, actor: Array, outbox: Outbox, *at: Array) -> None:
        opened, responded, resolved, closed, again = at
        checked = np.where(spread(number, 7) < 0.25, resolved - (resolved - responded) // 3, NULL)
        for step, moment in (
            (OPENED, opened),
            (IDENTITY, responded),
            (QUALITY, checked),
            (STEP_CLOSED, closed),
            (REOPENED, again),
        ):
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

    def access(self, day: int, workers: Array, opened: Array, resolved: Array, outbox: Outbox) -> Array:
        """Access requests for these workers, owned by IT (no process, no assignee), approved by their team lead."""
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
        self.approve(day, number, lead, opened + 1_800, outbox)
        return number

    def hand_over(self, rows: dict[str, Array]) -> None:
        """Give the tickets of people who have left to their team lead, in the rows of one day."""
        w = self._people.w
        gone = (rows["assignee_id"] >= 0) & w.gone[np.maximum(rows["assignee_id"], 0)]
        rows["assignee_id"][gone] = self._people.lead[w.team[rows["assignee_id"][gone]]]
        rows["reassignment_count"][gone] += 1
