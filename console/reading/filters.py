"""What a list is narrowed to and ordered by: all of it stands in the address, so that a list can be sent to somebody.

Belongs here: the filter, its address, and which controls it chooses. Does not: the list (ranked_list.py).
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import Any
from urllib.parse import urlencode

import polars as pl

from console.words import AREA_WORDS, FRAMEWORK_WORDS

PAGE_SIZE = 25
SORTS = {
    "rank": "place in the list", "chance": "chance", "failures": "failures in 28 days", "open": "open exceptions",
    "moved": "places moved up since the day before", "name": "name",
}  # fmt: skip
LONGEST_TEXT = 100


@dataclass(frozen=True)
class Filter:
    """Empty text = not narrowed by it."""

    q: str = ""
    site: str = ""
    client: str = ""
    area: str = ""
    control: str = ""
    framework: str = ""
    sort: str = "rank"
    page: int = 1

    def query(self, **changes: Any) -> str:
        """The address's part after '?' with these changes; a change of anything but the page goes back to page 1."""
        changed, standard = replace(self, **{"page": 1, **changes}), Filter()
        return urlencode({name: value for name, value in asdict(changed).items() if value != getattr(standard, name)})

    @property
    def by_control(self) -> bool:
        """Whether the list speaks of some controls only."""
        return bool(self.area or self.control or self.framework)

    @property
    def is_narrow(self) -> bool:
        return self.by_control or bool(self.q or self.site or self.client)


def read_filter(query: Mapping[str, str]) -> Filter:
    """The filter of an address; what it does not know is left out, a page or an order that is none is the first."""
    known = {field.name for field in fields(Filter)} - {"page", "sort"}
    given = {name: query[name].strip()[:LONGEST_TEXT] for name in known if name in query}
    sort = query.get("sort", "")
    page = query.get("page", "")
    number = int(page) if page.isascii() and page.isdigit() and len(page) < 7 else 1
    return Filter(**given, sort=sort if sort in SORTS else "rank", page=max(number, 1))


def chosen_controls(controls: pl.DataFrame, chosen: Filter) -> list[str] | None:
    """Ids of the controls that the filter leaves; None where it leaves all."""
    if not chosen.by_control:
        return None
    if chosen.area:
        controls = controls.filter(pl.col("area") == chosen.area)
    if chosen.framework:
        has_it = chosen.framework in FRAMEWORK_WORDS
        controls = controls.filter(pl.col(chosen.framework).is_not_null()) if has_it else controls.clear()
    if chosen.control:
        controls = controls.filter(pl.col("control_id") == chosen.control.upper())
    return controls["control_id"].to_list()


def choices(rankings: pl.DataFrame, controls: pl.DataFrame) -> dict[str, list[tuple[str, str]]]:
    """What each part of the filter can be: value and words."""
    places = {name: rankings[column].drop_nulls().unique().sort().to_list() for name, column in _PLACES.items()}
    return {
        **{name: [(value, value) for value in values] for name, values in places.items()},
        "area": [(area, AREA_WORDS.get(area, area)) for area in controls["area"].unique().sort().to_list()],
        "control": [(key, f"{key} {name}") for key, name in controls.sort("control_id").select("control_id", "name").iter_rows()],
        "framework": list(FRAMEWORK_WORDS.items()),
        "sort": list(SORTS.items()),
    }


_PLACES = {"site": "site", "client": "client_id"}
