"""The period of an audit as a person writes it: a quarter, or two days.

Belongs here: reading it. Does not: what a period is (preaudit/evidence/facts.py).
"""

import calendar
import re
from datetime import date

from preaudit.errors import PreauditError
from preaudit.evidence.facts import Period

_QUARTER = re.compile(r"(\d{4})-[Qq]([1-4])")
_RANGE = re.compile(r"(\d{4}-\d\d-\d\d)\.\.(\d{4}-\d\d-\d\d)")


def parse_period(text: str) -> Period:
    """'2026-Q3' is July to September; '2026-07-01..2026-09-30' the same by its first and last day.

    Raises:
        PreauditError: it is neither of both, a day does not exist, or the period ends before it starts.
    """
    if quarter := _QUARTER.fullmatch(text):
        year, last_month = int(quarter[1]), 3 * int(quarter[2])
        last_day = calendar.monthrange(year, last_month)[1]
        return Period(date(year, last_month - 2, 1), date(year, last_month, last_day))
    if days := _RANGE.fullmatch(text):
        try:
            return Period(date.fromisoformat(days[1]), date.fromisoformat(days[2]))
        except ValueError as error:
            raise PreauditError(f"There is no such day: {error}.", where="--period") from error
    raise PreauditError(
        f"'{text}' is no period.", where="--period", remedy="Write a quarter (2026-Q3) or two days (2026-07-01..2026-09-30)."
    )
