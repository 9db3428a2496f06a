"""The rankings of a year of snapshots in memory: one number per entity, day and measure.

Belongs here: reading them, once per day and not again when the next day comes. Does not: today's ranking (ranked_list.py), or
what is drawn of it (entity_history.py).
"""

from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl
from numpy.typing import NDArray

from preaudit.errors import PreauditError
from preaudit.settings import Settings
from preaudit.snapshot import snapshots
from preaudit.snapshot_files import Snapshot

DAYS = 366
KEY = ["entity_kind", "entity_id"]
# Measure and the column of the published ranking that it is.
MEASURES = {
    "rank": "rank",
    "probability": "probability_any",
    "probability_lower": "probability_lower",
    "probability_upper": "probability_upper",
    "exceptions_28d": "exceptions_28d",
}
Version = tuple[date, int]


@dataclass(frozen=True)
class History:
    """Measures by entity and day; 75 MB for 10,200 entities and a year.

    Args:
        versions: day and version of each column, oldest day first.
        places: the row of an entity, by kind and id.
        values: per measure an array (entities, days); NaN where nothing was published.
    """

    versions: tuple[Version, ...]
    places: dict[tuple[str, str], int]
    values: dict[str, NDArray[np.float32]]

    @property
    def days(self) -> tuple[date, ...]:
        return tuple(day for day, _ in self.versions)

    def series(self, kind: str, entity_id: str, measure: str) -> list[tuple[date, float]]:
        """Day and value of the days that have one, oldest first."""
        place = self.places.get((kind, entity_id))
        if place is None:
            return []
        values = self.values[measure][place].tolist()
        return [(day, value) for day, value in zip(self.days, values, strict=True) if value == value]

    def ranks_before(self, last: date) -> pl.DataFrame:
        """The ranking of the published day before `last`: entity_kind, entity_id, rank; empty where there is none."""
        schema = {"entity_kind": pl.String, "entity_id": pl.String, "rank": pl.Int64}
        earlier = [position for position, day in enumerate(self.days) if day < last]
        if not earlier:
            return pl.DataFrame(schema=schema)
        kinds, names = zip(*self.places, strict=True)
        ranks = pl.Series(self.values["rank"][:, earlier[-1]]).fill_nan(None).cast(pl.Int64)
        return pl.DataFrame({"entity_kind": kinds, "entity_id": names, "rank": ranks}, schema=schema).drop_nulls("rank")


def read_history(settings: Settings, shown: Snapshot, before: History | None = None) -> tuple[History, tuple[str, ...]]:
    """The latest intact version of each day of the year up to the shown snapshot, and sentences about days that cannot be read.

    Args:
        shown: the snapshot that pages show.
        before: what was read for the snapshot before; its days are not read again.
    """
    latest = {found.as_of_on: found for found in snapshots(settings) if 0 <= (shown.as_of_on - found.as_of_on).days < DAYS}
    latest[shown.as_of_on] = shown
    known = set(before.versions) if before else set()
    read: dict[Version, pl.DataFrame] = {}
    told = []
    for day in sorted(latest):
        version = (day, latest[day].version)
        if version not in known:
            try:
                read[version] = _ranking(latest[day])
            except (PreauditError, OSError, pl.exceptions.PolarsError) as error:
                told.append(f"{day} is left out of the history: {getattr(error, 'what', 'it cannot be read.')}")
    wanted = {(day, found.version) for day, found in latest.items()}
    return _joined(sorted((known & wanted) | read.keys()), before, read), tuple(told)


def _ranking(snapshot: Snapshot) -> pl.DataFrame:
    """The measures of one day; a snapshot from before intervals were published has none."""
    file = snapshot.file("rankings")
    present = set(pl.read_parquet_schema(file))
    found = pl.read_parquet(file, columns=[*KEY, *(column for column in MEASURES.values() if column in present)])
    return found.select(
        *KEY,
        *(
            (pl.col(column) if column in present else pl.lit(None)).cast(pl.Float32).alias(measure)
            for measure, column in MEASURES.items()
        ),
    )


def _joined(versions: list[Version], before: History | None, read: dict[Version, pl.DataFrame]) -> History:
    """The kept days beside the newly read ones; entities keep their row, new ones are added at the end."""
    column_of = {version: position for position, version in enumerate(versions)}
    places = dict(before.places) if before else {}
    empty = pl.DataFrame(schema={"entity_kind": pl.String, "entity_id": pl.String, **dict.fromkeys(MEASURES, pl.Float32)})
    parts = [frame.with_columns(pl.lit(column_of[version]).alias("column")) for version, frame in read.items()]
    new = pl.concat(parts) if parts else empty.with_columns(pl.lit(None, pl.Int32).alias("column"))
    for entity in new.select(KEY).unique(maintain_order=True).iter_rows():
        places.setdefault(entity, len(places))
    values = {name: np.full((len(places), len(versions)), np.nan, dtype=np.float32) for name in MEASURES}
    if before:
        kept = [(position, column_of[version]) for position, version in enumerate(before.versions) if version in column_of]
        source, target = [old for old, _ in kept], [now for _, now in kept]
        for name in MEASURES:
            values[name][: len(before.places), target] = before.values[name][:, source]
    if parts:
        kinds, names = zip(*places, strict=True)
        rows = pl.DataFrame({"entity_kind": kinds, "entity_id": names}).with_row_index("row")
        placed = new.join(rows, on=KEY, how="left", maintain_order="left")
        at = placed["row"].to_numpy(), placed["column"].to_numpy()
        for name in MEASURES:
            values[name][at] = placed[name].fill_null(np.nan).to_numpy()
    return History(tuple(versions), places, values)
