"""Files: one Parquet per feed for the history, one folder per day for the last days, in the formats of the contract.

Only writing belongs here. History is streamed: rows of several days are gathered to row groups of some 120,000 and written,
so that memory does not grow with the days. Same input, same bytes: no time of writing is stored in any file.
"""

import gzip
import io
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet as pq

from simulation.columns import Column, arrow
from simulation.feeds import FEEDS, Feed

ROW_GROUP = 122_880
RISING = ("event_id", "ticket_id")
EPOCH = date(1970, 1, 1)
FORMATS = ("csv", "csv.gz", "parquet", "jsonl", "jsonl.gz")


def folder_name(day: int) -> str:
    """ISO date of a day number since 1970."""
    return (EPOCH + timedelta(days=day)).isoformat()


class HistoryFile:
    """One feed's history, written in row groups."""

    def __init__(self, path: Path, schema: pa.Schema) -> None:
        # Rows of events and versions come in order of time, and numbers and times rise together: as deltas they cost a third of
        # a dictionary. Lists repeat the same values week by week.
        deltas = (
            {}
            if "snapshot_on" in schema.names
            else {name: "DELTA_BYTE_ARRAY" for name in RISING if name in schema.names}
            | {field.name: "DELTA_BINARY_PACKED" for field in schema if pa.types.is_timestamp(field.type)}
        )
        plain = [name for name in schema.names if name not in deltas]
        self._writer = pq.ParquetWriter(
            path,
            schema,
            compression="zstd",
            compression_level=6,
            store_schema=False,
            use_dictionary=plain,
            column_encoding=deltas or None,
        )
        self._waiting: list[pa.Table] = []
        self._rows = 0
        self.written = 0

    def add(self, table: pa.Table) -> None:
        """Append rows; they reach the disk when a row group is full."""
        self._waiting.append(table)
        self._rows += len(table)
        if self._rows >= ROW_GROUP:
            self._flush()

    def _flush(self) -> None:
        if self._rows:
            self._writer.write_table(pa.concat_tables(self._waiting).combine_chunks(), row_group_size=max(self._rows, 1))
            self.written += self._rows
        self._waiting, self._rows = [], 0

    def close(self) -> None:
        """Write what waits and the footer."""
        self._flush()
        self._writer.close()


class History:
    """The history folder: files are opened with their first rows."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._files: dict[str, HistoryFile] = {}
        folder.mkdir(parents=True, exist_ok=True)

    def add(self, feed: Feed, table: pa.Table, day: int) -> None:
        """Append the rows of one day; a list gets its `snapshot_on`."""
        if feed.kind == "S":
            stamp = arrow(Column("snapshot_on", "date"), np.full(len(table), day))
            table = table.add_column(0, "snapshot_on", stamp)
        if feed.name not in self._files:
            self._files[feed.name] = HistoryFile(self._folder / f"{feed.name}.parquet", table.schema)
        self._files[feed.name].add(table)

    def close(self) -> dict[str, int]:
        """Close all files; returns rows by feed."""
        for file in self._files.values():
            file.close()
        return {name: file.written for name, file in self._files.items()}


def as_text(table: pa.Table) -> pa.Table:
    """Every column as the text a CSV holds: ISO times with Z, ISO dates, true and false."""
    columns = {}
    for name, column in zip(table.schema.names, table.columns, strict=True):
        if pa.types.is_timestamp(column.type):
            column = pc.strftime(column.cast(pa.timestamp("s", "UTC")), format="%Y-%m-%dT%H:%M:%SZ")
        elif not pa.types.is_string(column.type):
            column = column.cast(pa.string())
        columns[name] = column
    return pa.table(columns)


def write_day(folder: Path, feed: str, table: pa.Table, extension: str) -> Path:
    """Write one feed of one day.

    Args:
        folder: the day's folder, made when missing.
        feed: name of the feed, becomes the file name.
        table: its rows; a text format takes typed columns and columns that are text already.
        extension: one of FORMATS.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{feed}.{extension}"
    if extension == "parquet":
        pq.write_table(table, path, compression="zstd", store_schema=False)
        return path
    sink = io.BytesIO()
    if extension.startswith("csv"):
        pyarrow.csv.write_csv(as_text(table), sink, pyarrow.csv.WriteOptions(quoting_style="needed", quoting_header="none"))
    else:
        numbers = {
            name
            for name in table.schema.names
            if pa.types.is_integer(table.schema.field(name).type) or pa.types.is_boolean(table.schema.field(name).type)
        }
        text = as_text(table.drop_columns(sorted(numbers)))
        frame = pl.DataFrame({name: pl.from_arrow(table[name] if name in numbers else text[name]) for name in table.schema.names})
        frame.write_ndjson(sink)
    data = sink.getvalue()
    path.write_bytes(gzip.compress(data, mtime=0) if extension.endswith(".gz") else data)
    return path


def format_of(feed: str, day_number: int) -> str:
    """The format of a feed on the n-th daily folder; all five occur, and they change from day to day."""
    return FORMATS[(sorted(FEEDS).index(feed) + 2 * day_number) % len(FORMATS)]
