"""The parameters of the sample in the repository (`data/sample`), so that one command makes it again.

Only the sample's numbers, place and days belong here. It must stay under 8 MB in all and hold some hundred agent failures.
"""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from simulation.engine import SimulationReport, simulate

AGENTS, PROCESSES, DAYS, SEED = 200, 12, 301, 4
END_ON = datetime(2026, 10, 31, tzinfo=UTC)
EVENTS_PER_SHIFT, TICKETS_PER_SHIFT = 4.0, 1.2
DAILY_DELIVERIES = 3

FOLDER = Path(__file__).resolve().parent.parent / "data" / "sample"
LANDING = FOLDER / "landing"
FIRST_DAY = END_ON.date() - timedelta(days=DAYS - 1)
DAILY_DAYS = tuple(END_ON.date() - timedelta(days=back) for back in reversed(range(DAILY_DELIVERIES)))
LAST_HISTORY_DAY = DAILY_DAYS[0] - timedelta(days=1)


def make_sample(out: Path | str = FOLDER) -> SimulationReport:
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
        daily_deliveries=DAILY_DELIVERIES,
    )


if __name__ == "__main__":
    make_sample()
