"""What a planted violation is: rows of feeds that a sound control has to report.

Belongs here: the two shapes that all plants share. Does not: any control's own rows (plants_*.py), or planting them (runner.py).
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """One row of a canonical feed; values are text as a file holds them, times ISO 8601 in UTC."""

    feed: str
    values: Mapping[str, str]


@dataclass(frozen=True)
class Planted:
    """A violation, complete in its own rows, that the control must report for the entity on the day it is planted for.

    Attributes:
        also_needs: feeds that are not in `rows` and without which the control cannot be judged.
    """

    control_id: str
    entity_kind: str
    entity_id: str
    rows: tuple[Row, ...]
    also_needs: tuple[str, ...] = ()
