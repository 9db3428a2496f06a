"""Hidden hazards of the agents: how likely each of them slips today, and which causes make it so.

Formulas belong here, over the hidden state of people.py and world.py. The traces of a slip are left by work.py and
activity.py; what becomes of the hazards is in truth.py. Nothing here is a feature of the pipeline.
"""

from dataclasses import dataclass

import numpy as np

from simulation.access import Access
from simulation.parameters import BREACH, BREACH_BACKLOG, LEAD_WORK, SLIPS, Parameters, Slip
from simulation.people import People
from simulation.tables import Array
from simulation.world import World

USUAL_FATIGUE = 0.25
FROM_HOME = 0.25  # an agent off work logs on with this share of the chance of one on shift
WORKED = 5 / 7


@dataclass(frozen=True)
class State:
    """Hidden state of all workers on one day, one entry per worker."""

    carelessness: Array
    slack: Array
    backlog: Array
    fatigue: Array
    novice: Array
    notice: Array
    holds_old: Array


def state(day: int, people: People, world: World, access: Access) -> State:
    """The hidden state of this day."""
    process = people.w.process
    return State(
        people.carelessness(),
        world.slack[process],
        world.backlog[process],
        np.minimum(people.w.fatigue, 2.0),
        people.novice(day),
        people.on_notice(day).astype(float),
        access.holds_old().astype(float),
    )


def parts(slip: Slip, now: State) -> dict[str, Array]:
    """Per cause, its part of the log-hazard."""
    return {
        "carelessness": slip.carelessness * now.carelessness,
        "process_discipline": slip.process_discipline * now.slack,
        "workload": slip.workload * (now.fatigue - USUAL_FATIGUE),
        "tenure": slip.tenure * now.novice,
        "notice": slip.notice * now.notice,
        "access_held": slip.mover * now.holds_old,
    }


def daily(now: State) -> dict[str, Array]:
    """Per control, the chance that an agent on shift slips today."""
    return {control: np.minimum(np.exp(slip.base + sum(parts(slip, now).values())), 0.5) for control, slip in SLIPS.items()}


def breach(now: State) -> Array:
    """The chance that one ticket of an agent misses its service level."""
    log_odds = BREACH.base + sum(parts(BREACH, now).values()) + BREACH_BACKLOG * now.backlog
    return 1 / (1 + np.exp(-log_odds))


def ticket_share(people: People) -> Array:
    """Tickets per shift over those of an ordinary agent: leads and quality analysts take fewer."""
    return np.where(people.w.role >= 2, LEAD_WORK, 1.0)


def expected_tickets(parameters: Parameters, people: People, load: Array) -> Array:
    """Tickets an agent finishes on an average calendar day."""
    return parameters.tickets_per_shift * load[people.w.process] * ticket_share(people) * WORKED
