"""What stands on every page about the data: its day, its age, what could not be read.

Belongs here: these facts and small words about them. Does not: a page.
"""

import math
from datetime import date
from typing import Any

from console.reading.reading import Reading
from console.words import counted
from preaudit.settings import Settings


def about(reading: Reading, notices: tuple[str, ...], today: date) -> dict[str, Any]:
    """The facts of the snapshot.

    Args:
        notices: sentences that a reader must see.
        today: the day of the reader's clock, in UTC.
    """
    manifest = reading.snapshot.manifest
    age = (today - reading.snapshot.as_of_on).days
    return {
        "as_of_on": reading.snapshot.as_of_on,
        "version": reading.snapshot.version,
        "horizon_days": manifest["horizon_days"],
        "published_at": manifest["published_at"],
        "age_days": age,
        "age_words": age_words(age),
        "is_old": age > 2,
        "notices": list(notices),
    }


def age_words(days: int) -> str:
    """'today', 'yesterday', '12 days ago'; a day of a clock that runs behind is 'in 1 day'."""
    if days < 0:
        return f"in {counted(-days, 'day')}"
    return {0: "today", 1: "yesterday"}.get(days, f"{counted(days, 'day')} ago")


def list_length(settings: Settings, kind: str, entities: int) -> int:
    """How many of a kind operations can act on: the length of the list that forecasts are judged by (ml/metrics.py)."""
    ratio = settings.capacity_processes_ratio if kind == "process" else settings.capacity_agents_ratio
    return min(entities, max(1, math.ceil(ratio * entities - 1e-9)))
