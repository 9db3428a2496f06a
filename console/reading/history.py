"""The rankings of a year of snapshots in one frame, kept beside the console so that a start does not read 365 folders.

Belongs here: that frame and its file, `<home>/console/cache/history.parquet`; it can be removed at any time and is made again.
Does not: today's ranking (ranked_list.py), or what is drawn of it.
"""

import os
from pathlib import Path

import polars as pl

from preaudit.errors import PreauditError
from preaudit.settings import Settings
from preaudit.snapshot import snapshots
from preaudit.snapshot_files import Snapshot

DAYS = 366
SCHEMA = {
    "as_of_on": pl.Date, "version": pl.Int32, "entity_kind": pl.String, "entity_id": pl.String, "rank": pl.Int32,
    "probability": pl.Float32, "probability_lower": pl.Float32, "probability_upper": pl.Float32,
    "exceptions_28d": pl.Float32, "open_exceptions": pl.Int32,
}  # fmt: skip
_VERSION = ["as_of_on", "version"]


def history(settings: Settings, shown: Snapshot) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """The latest intact version of each day of the year up to the shown snapshot, and which days could not be read.

    Returns:
        Rows of `SCHEMA`, grain as_of_on, entity_kind, entity_id, oldest day first; sentences about damaged days.
    """
    latest = {s.as_of_on: s for s in snapshots(settings) if 0 <= (shown.as_of_on - s.as_of_on).days < DAYS}
    latest[shown.as_of_on] = shown
    wanted = {(day, snapshot.version): snapshot for day, snapshot in latest.items()}
    file = settings.home / "console" / "cache" / "history.parquet"
    kept = _kept(file)
    known = set(kept.select(_VERSION).unique().iter_rows())
    parts, told = [kept], []
    for version in sorted(wanted.keys() - known):
        try:
            parts.append(_read(wanted[version]))
        except (PreauditError, pl.exceptions.PolarsError) as error:
            told.append(f"{version[0]} is left out of the history: {getattr(error, 'what', 'it cannot be read')}")
    rows = pl.concat(parts)
    gone = pl.DataFrame(sorted(known - wanted.keys()), schema={name: SCHEMA[name] for name in _VERSION}, orient="row")
    rows = rows.join(gone, on=_VERSION, how="anti").sort("as_of_on", maintain_order=True)
    if len(parts) > 1 or gone.height:
        _keep(file, rows)
    return rows, tuple(told)


def _read(snapshot: Snapshot) -> pl.DataFrame:
    """One day's rows; a snapshot from before intervals were published has none."""
    ranking = snapshot.frame("rankings")
    present = {
        "probability": pl.col("probability_any"),
        "version": pl.lit(snapshot.version),
        **{name: pl.lit(None) for name in SCHEMA if name not in (*ranking.columns, "probability", "version")},
    }
    return ranking.select(present.get(name, pl.col(name)).cast(kind).alias(name) for name, kind in SCHEMA.items())


def _kept(file: Path) -> pl.DataFrame:
    """What was kept; nothing where the file is missing, damaged or of another shape."""
    try:
        found = pl.read_parquet(file)
    except (OSError, pl.exceptions.PolarsError):
        return pl.DataFrame(schema=SCHEMA)
    return found if found.schema == pl.Schema(SCHEMA) else pl.DataFrame(schema=SCHEMA)


def _keep(file: Path, rows: pl.DataFrame) -> None:
    """Replace the file whole; several processes may do so at once, and each writes what is true."""
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_name(f".{file.name}.{os.getpid()}")
    rows.write_parquet(draft)
    draft.replace(file)
