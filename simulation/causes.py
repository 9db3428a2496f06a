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
    return found | _dated(now, world, len(process))


def _dated(now: State, world: World, count: int) -> dict[str, dict[str, Array]]:
    """The parts of what hangs on an occasion; the occasion itself is a cause where it is the person's own."""
    queue, one = np.full(count, 0.5 * max(world.queue, 0.0)), np.ones(count)
    slack, backlog, careless = now.slack, now.backlog, now.carelessness
    move = {"mover": one, "process_discipline": 0.6 * slack}
    asked = {"process_discipline": 0.9 * slack, "it_queue": queue, "carelessness": careless}
    paper = {"carelessness": careless, "workload": 0.9 * backlog, "process_discipline": 0.35 * slack}
    return {
        "JML-02": move,
        "SEC-01": move,
        "JML-03": asked,
        "ACC-05": {"access_held": 0.5 * one} | asked,
        "ACC-04": {"access_held": 0.5 * one, "process_discipline": 0.8 * slack, "workload": 0.8 * backlog},
        "CHG-02": {"process_discipline": 0.8 * slack},
        "HR-03": paper,
        "HR-04": paper,
    }


def processes(world: World) -> dict[str, Array]:
    """Per cause, one part per process (the same for all its controls)."""
    return {
        "process_discipline": 0.8 * world.slack,
        "workload": 2.0 * world.backlog,
        "it_queue": np.full(world.count, 0.3 * max(world.queue, 0.0)),
    }
