"""Every number that shapes the synthetic company and its failures, in one place.

Sizes, rates per day and the strength of each hidden cause belong here; what is done with them does not. The base rates were
tuned by measurement (simulation/README.md gives the figures) so that a pair fails in 30 days with 0.5 % to 8 %.
"""

from dataclasses import dataclass
from datetime import date

PATTERN_STARTS = (8, 14, 22, 6)  # hour of the shift's start by pattern: day, evening, night, rotating (6 or 14 by week)
SHIFT_SECONDS = 8 * 3_600
LEAD_WORK = 0.35  # tickets of a team lead or quality analyst over those of an agent
CAUSES = (
    "workload",
    "tenure",
    "notice",
    "process_discipline",
    "access_held",
    "it_queue",
    "training_wave",
    "carelessness",
    "mover",
)


@dataclass(frozen=True)
class Slip:
    """Log-hazard of one slip per working day: `base`, plus one coefficient per hidden cause."""

    base: float
    carelessness: float
    process_discipline: float
    workload: float
    tenure: float
    notice: float
    mover: float = 0.0


SLIPS = {
    "SEC-02": Slip(-7.67, 1.1, 1.0, 0.4, 1.5, 0.6),
    "DATA-04": Slip(-7.0, 0.75, 0.6, 1.7, 0.2, 0.4),
    "DATA-02": Slip(-8.6, 0.8, 0.5, 0.0, 0.0, 2.6, 1.2),
    "OPS-01": Slip(-6.9, 1.0, 0.75, 1.0, 1.4, 0.7),
    "OPS-02": Slip(-7.75, 1.1, 0.9, 1.2, 1.2, 0.5),
    "ACC-06": Slip(-8.4, 1.1, 0.8, 0.9, 0.6, 0.2),
    "DATA-01": Slip(-7.65, 1.2, 0.6, 0.2, 0.3, 1.2),
    "DATA-03": Slip(-8.4, 1.1, 0.8, 0.3, 0.8, 0.4),
    "SEC-03": Slip(-8.55, 1.2, 0.4, 0.0, 0.3, 1.4),
}
PER_TICKET = ("OPS-01", "OPS-02")  # slips in a ticket; the others are slips of a shift
BREACH = Slip(-7.75, 0.6, 0.5, 0.6, 1.3, 0.5)  # per ticket, log-odds; the process's backlog comes on top
BREACH_BACKLOG = 5.0
# Chances that hang on an occasion of some day: a move, a request, a certificate that ends.
DATED = ("JML-02", "JML-03", "ACC-04", "ACC-05", "CHG-02", "HR-03", "HR-04", "SEC-01")
MOVES = ("JML-02", "SEC-01")  # of these, the ones that only a change of process brings
MOVED_UNTRAINED = "HR-03 of a mover"  # the part of HR-03 that it brings
PROCESS_DATED = ("INC-01", "ACC-03", "CHG-01", "CHG-02", "CHG-03", "CHG-04", "OPS-03", "SEC-04", "SEC-05")
# A process fails these when one of its staff does.
OF_STAFF = (
    "JML-01", "JML-02", "JML-03", "ACC-02", "ACC-06", "DATA-01", "DATA-03", "HR-03", "OPS-01", "OPS-02", "SEC-01", "SEC-02",
    "SEC-03",
)  # fmt: skip
AGENT_CONTROLS = ("JML-01", "HR-02", "ACC-02", "OPS-04", *SLIPS, *DATED)
PROCESS_CONTROLS = (*OF_STAFF, "ACC-01", "OPS-04", *PROCESS_DATED)


@dataclass(frozen=True)
class Parameters:
    """Size and rhythm of one simulated world.

    Args:
        agents: headcount aimed at, over all processes.
        days: calendar days delivered, the last one being `end_on`.
        events_per_shift: mean auth + data events of one worked shift; the default gives about 40 per agent and calendar day.
        tickets_per_shift: mean work tickets opened per worked shift.
        daily_deliveries: how many of the last days come as daily folders instead of history.
    """

    agents: int
    processes: int
    days: int
    seed: int
    end_on: date
    events_per_shift: float = 63.0
    tickets_per_shift: float = 2.0
    daily_deliveries: int = 3
    with_dirt: bool = True
    leave_rate: float = 0.0009  # resignations per agent and day where nothing is wrong: 28 % a year
    move_rate: float = 0.0006
    recruiting: float = 0.30  # share of vacancies filled each Monday
    notice_days: tuple[int, ...] = (1, 7, 14, 28)
    notice_weights: tuple[float, ...] = (0.20, 0.20, 0.25, 0.35)
    late_removal: float = -1.35  # log-odds that a leaver's account is disabled late, with a quiet queue
    completion: float = -2.65  # log of the daily chance to complete an open awareness course
    tool_share: float = 0.45  # agents who hold a second, seldom used account
    incident_rate: float = 0.05  # security incidents per process and day
    ask_rate: float = 0.004  # requests for a further right per shift

    @property
    def first_day(self) -> int:
        """Days since 1970-01-01 of the first delivered day."""
        return self.end_on.toordinal() - date(1970, 1, 1).toordinal() - self.days + 1
