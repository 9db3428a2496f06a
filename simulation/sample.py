"""The parameters of the sample in the repository (`data/sample`), so that one command makes it again, byte for byte.

Only the sample's numbers belong here. It must stay under 8 MB in all and hold some hundred matured agent failures.
"""

from pathlib import Path

from simulation.engine import SimulationReport, simulate

AGENTS, PROCESSES, DAYS, SEED = 180, 12, 301, 11
EVENTS_PER_SHIFT, TICKETS_PER_SHIFT = 5.0, 1.4


def make_sample(out: Path | str) -> SimulationReport:
    """Write the sample under `out`."""
    return simulate(AGENTS, PROCESSES, DAYS, SEED, out, events_per_shift=EVENTS_PER_SHIFT, tickets_per_shift=TICKETS_PER_SHIFT)
