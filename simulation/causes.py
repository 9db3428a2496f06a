"""Which hidden causes stand behind a pair's hazard today, in the words of parameters.CAUSES.

Only the split of a hazard into causes belongs here; truth.py writes it down. Each part is what the cause adds to the
log-hazard above its usual level; parts below zero (what protects somebody) count as nothing.
"""

import numpy as np

from simulation.parameters import BREACH, BREACH_BACKLOG, SLIPS
from simulation.slips import State, parts
from simulation.tables import Array
from simulation.world import World


def agents(
    now: State, world: World, process: Array, dormant: tuple[Array, Array], due: Array, leaving: Array
) -> dict[str, dict[str, Array]]:
    """Per control and cause, one part per worker.

    Args:
        now: hidden state of today.
        world: for the IT queue and the processes.
        process: process per worker.
        dormant: masks of workers with an account at risk: one of a process they left, one they seldom use.
        due: mask of workers whose awareness course becomes overdue within 30 days.
        leaving: mask of workers who have given notice.
    """
    found = {control: parts(slip, now) for control, slip in SLIPS.items()}
    late = parts(BREACH, now)
    late["workload"] = late["workload"] + BREACH_BACKLOG * now.backlog
    found["OPS-04"] = late
    found["HR-02"] = {
        "training_wave": 1.5 * due,
        "carelessness": 0.45 * now.carelessness,
        "process_discipline": 0.45 * now.slack,
        "workload": 1.1 * now.backlog,
        "notice": 0.5 * now.notice,
    }
    found["ACC-02"] = {"mover": 2.0 * dormant[0], "access_held": 2.0 * dormant[1], "process_discipline": 0.3 * now.slack}
    found["JML-01"] = {
        "notice": 2.0 * leaving,
        "it_queue": np.full(len(process), 0.9 * max(world.queue, 0.0)),
        "process_discipline": 0.55 * now.slack,
        "workload": 0.8 * now.backlog,
        "tenure": 0.9 * now.novice,
    }
    return found


def processes(world: World) -> dict[str, Array]:
    """Per cause, one part per process (the same for all its controls)."""
    return {
        "process_discipline": 0.8 * world.slack,
        "workload": 2.0 * world.backlog,
        "it_queue": np.full(world.count, 0.3 * max(world.queue, 0.0)),
    }
