"""The files of `truth/`, never under a landing folder and never read by the pipeline.

hazards: chance of at least one new failure in the 30 days after on_date, per pair. causes: the largest parts of each hazard
above the average. failures: the slips that really happened, by the day they show. Only writing belongs here.
"""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from simulation.columns import Column, arrow
from simulation.parameters import CAUSES
from simulation.tables import Array

ROW_GROUP = 122_880
SMALLEST_SHARE = 0.25  # causes below a quarter of the hazard are not dominant


class TruthFiles:
    """Streams hazards and causes, keeps failures until the end."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._failures: list[pa.Table] = []
        self._counts: dict[str, int] = {}
        self._writers: dict[str, pq.ParquetWriter] = {}
        self._waiting: dict[str, list[pa.Table]] = {}
        folder.mkdir(parents=True, exist_ok=True)

    def fail(self, on_date: int, kind: int, control: str, entities: Array) -> None:
        """Record that entities failed a control on a day (days since 1970; kind 0 agent, 1 process)."""
        self._failures.append(_keys(on_date, kind, control, entities))
        name = f"{KINDS[kind]} {control}"
        self._counts[name] = self._counts.get(name, 0) + len(entities)

    def put(self, on_date: int, kind: int, control: str, entity: Array, hazard: Array, parts: dict[str, Array]) -> None:
        """Write one control's hazards of one day, and the dominant causes of those above the average.

        Args:
            on_date: days since 1970.
            kind: 0 for agents, 1 for processes.
            control: its id.
            entity: numbers of the entities.
            hazard: one probability per entity.
            parts: per cause, one part per entity number (not per row of `entity`).
        """
        if not len(entity):
            return
        rounded = pa.array(hazard.round(4).astype(np.float32))
        self._write("hazards", _keys(on_date, kind, control, entity).append_column("hazard_30d", rounded))
        names, shares = list(parts), np.stack([np.maximum(values[entity], 0) for values in parts.values()])
        shares = shares / np.maximum(shares.sum(axis=0), 1e-9)
        cause, row = np.nonzero((shares >= SMALLEST_SHARE) & (hazard >= hazard.mean()))
        words = pa.array(CAUSES).take(pa.array(np.array([CAUSES.index(name) for name in names])[cause], pa.int32()))
        table = _keys(on_date, kind, control, entity[row]).append_column("cause", words)
        self._write("causes", table.append_column("share", pa.array(shares[cause, row].round(2).astype(np.float32))))

    def _write(self, name: str, table: pa.Table) -> None:
        """Gather rows: a dictionary of ids for every few hundred of them would cost more than the rows."""
        waiting = self._waiting.setdefault(name, [])
        waiting.append(table)
        if sum(map(len, waiting)) >= ROW_GROUP:
            self._flush(name)

    def _flush(self, name: str) -> None:
        if not self._waiting[name]:
            return
        table = pa.concat_tables(self._waiting[name]).combine_chunks()
        if name not in self._writers:
            path = self._folder / f"{name}.parquet"
            self._writers[name] = pq.ParquetWriter(path, table.schema, compression="zstd", compression_level=6)
        self._writers[name].write_table(table)
        self._waiting[name] = []

    def close(self) -> dict[str, int]:
        """Write the failures and close the files; returns the number of failures by entity kind and control."""
        empty = _keys(0, 0, "", np.zeros(0, int))
        pq.write_table(pa.concat_tables([empty, *self._failures]), self._folder / "failures.parquet", compression="zstd")
        for name in self._waiting:
            self._flush(name)
        for writer in self._writers.values():
            writer.close()
        return dict(sorted(self._counts.items()))


KINDS = ("agent", "process")


def _keys(on_date: int, kind: int, control: str, entity: Array) -> pa.Table:
    """The key columns of every truth file."""
    count = len(entity)
    return pa.table(
        {
            "on_date": arrow(Column("on_date", "date"), np.full(count, on_date)),
            "entity_kind": pa.repeat(KINDS[kind], count),
            "entity_id": arrow(Column("entity_id", "entity"), -1 - entity if kind else entity),
            "control_id": pa.repeat(control, count),
        }
    )
