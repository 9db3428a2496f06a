"""The parameters of the sample in the repository (`data/sample`), so that one command makes it again, byte for byte.

Only the sample's numbers belong here. It must stay under 8 MB in all and hold some hundred matured agent failures.
"""

from datetime import UTC, datetime
from pathlib import Path

from simulation.engine import SimulationReport, simulate

AGENTS, PROCESSES, DAYS, SEED = 200, 12, 301, 4
END_ON = datetime(2026, 10, 31, tzinfo=UTC)
EVENTS_PER_SHIFT, TICKETS_PER_SHIFT = 4.5, 1.2


def make_sample(out: Path | str) -> SimulationReport:
    """Write the sample under `out`."""
    return simulate(
        AGENTS,
        PROCESSES,
        DAYS,
        SEED,
        out,
        end_on=END_ON.date(),
        events_per_shift=EVENTS_PER_SHIFT,
        tickets_per_shift=TICKETS_PER_SHIFT,
    )


if __name__ == "__main__":
    make_sample(Path(__file__).resolve().parent.parent / "data" / "sample")
