"""Dirt planted on purpose: what real exports get wrong, few rows of each kind, every one written down.

Which rows are spoilt, and the list of them (`truth/planted.parquet`), belong here. A bad row is always added beside the good
ones, so that no planted failure is lost; only late rows and the missing feed take something away, for a while or for good.
"""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from simulation.delivery import as_text, folder_name, format_of, write_day
from simulation.feeds import Feed
from simulation.parameters import Parameters
from simulation.spoilers import SPOILERS, Spoiler, with_text
from simulation.tables import Array

LATE, REPEAT = 0.003, 0.0002  # shares of event rows
MISSING_FEED, MISSING_DAY = "data_access_events", 1  # the second daily folder lacks it
CORRECTED_FEED = "auth_events"
FORBIDDEN_DAY, UNKNOWN_DAY = 0, 2
EVENTS = ("auth_events", "data_access_events", "ticket_events")


class Dirt:
    """Spoils tables on their way to the files and remembers what it did."""

    def __init__(self, parameters: Parameters, out: Path, rng: np.random.Generator) -> None:
        self._p, self._out, self._rng = parameters, out, rng
        self._planted: list[tuple[str, str, str, int | None, str | None]] = []
        self._written: dict[str, int] = {}
        self._late: dict[tuple[str, int], list[pa.Table]] = {}
        self._previous: dict[str, pa.Table] = {}
        self._spoilt = 0

    def history(self, feed: Feed, table: pa.Table, *, last: bool) -> pa.Table:
        """One day of the history; of its last day some events come later."""
        if not self._p.with_dirt:
            return table
        if last:
            table = self._hold_back(feed, table, -1)
            self._previous[feed.name] = table
        copies = [(spoiler, self._rng.poisson(len(table) * spoiler.share)) for spoiler in SPOILERS if spoiler.feed == feed.name]
        repeats = self._rng.poisson(len(table) * REPEAT) if feed.name in EVENTS else 0
        file = f"history/{feed.name}.parquet"
        table = self._add(feed, table, copies, self._pick(table, repeats), file, self._written.get(feed.name, 0))
        self._written[feed.name] = self._written.get(feed.name, 0) + len(table)
        return table

    def daily(self, feed: Feed, table: pa.Table, number: int) -> pa.Table | None:
        """One feed of the n-th daily folder, or None where it is the one that is missing."""
        if not self._p.with_dirt:
            return table
        day = folder_name(self._p.first_day + self._p.days - self._p.daily_deliveries + number)
        extension = format_of(feed.name, number)
        file = f"{day}/{feed.name}.{extension}"
        if feed.name == MISSING_FEED and number == MISSING_DAY:
            write_day(self._out / "corrections" / day, feed.name, table, extension)
            self._plant(file, feed.name, "missing_feed", None, None)
            return None
        table = self._hold_back(feed, table, number)
        late = self._late.pop((feed.name, number), [])
        repeats = self._pick(self._previous.get(feed.name, table[:0]), 4) if feed.name in EVENTS else table[:0]
        if feed.name == "tickets" and number == MISSING_DAY and feed.name in self._previous:
            table = pa.concat_tables([table, self._corrections(file, day)])
        copies = [
            (spoiler, 1) for spoiler in SPOILERS if spoiler.feed == feed.name and (spoiler.everywhere or extension != "parquet")
        ]
        self._previous[feed.name] = table
        spoilt = self._add(feed, pa.concat_tables([*late, table]), copies, repeats, file, 0, late=sum(map(len, late)))
        if feed.name == CORRECTED_FEED and number == MISSING_DAY:
            self._corrected_file(day, table, spoilt, extension, file)
        if feed.name == "workers" and number == FORBIDDEN_DAY:
            values = pa.array(["f", "m", ""]).take(pa.array(self._rng.integers(0, 3, len(spoilt))))
            spoilt = spoilt.append_column("gender", values)
            self._plant(file, feed.name, "forbidden_column", None, "gender")
        if feed.name == "tickets" and number == UNKNOWN_DAY:
            spoilt = spoilt.append_column("export_batch", pa.repeat("B7", len(spoilt)))
            self._plant(file, feed.name, "unknown_column", None, "export_batch")
        return spoilt

    def close(self) -> dict[str, int]:
        """Write `truth/planted.parquet`; returns the number of plants by kind."""
        names = ("file", "feed", "kind", "row_number", "key")
        types = (pa.string(), pa.string(), pa.string(), pa.int64(), pa.string())
        columns = zip(*self._planted, strict=True) if self._planted else [[] for _ in names]
        arrays = {name: pa.array(list(values), kind) for name, kind, values in zip(names, types, columns, strict=True)}
        pq.write_table(pa.table(arrays), self._out / "truth" / "planted.parquet", compression="zstd")
        kinds = [kind for _, _, kind, _, _ in self._planted]
        return {kind: kinds.count(kind) for kind in sorted(set(kinds))}

    def _plant(self, file: str, feed: str, kind: str, row: int | None, key: str | None) -> None:
        self._planted.append((file, feed, kind, row, key))

    def _pick(self, table: pa.Table, count: int) -> pa.Table:
        return table.take(pa.array(np.sort(self._rng.choice(len(table), min(count, len(table)), replace=False))))

    def _hold_back(self, feed: Feed, table: pa.Table, number: int) -> pa.Table:
        """Keep a few events for a later daily folder, where there is one."""
        left = self._p.daily_deliveries - 1 - number
        if feed.name not in EVENTS or left < 1:
            return table
        held = self._rng.random(len(table)) < LATE
        to = number + np.minimum(self._rng.integers(1, 4, len(table)), left)
        for target in np.unique(to[held]):
            if (feed.name, target) != (MISSING_FEED, MISSING_DAY):
                self._late.setdefault((feed.name, int(target)), []).append(table.filter(pa.array(held & (to == target))))
        kept = ~held | ((feed.name == MISSING_FEED) & (to == MISSING_DAY))
        return table.filter(pa.array(kept))

    def _add(
        self,
        feed: Feed,
        table: pa.Table,
        copies: list[tuple[Spoiler, int]],
        repeats: pa.Table,
        file: str,
        offset: int,
        late: int = 0,
    ) -> pa.Table:
        """The table with spoilt copies and repeated rows in their place in time; notes the row number of each.

        The first `late` rows of the table are late ones; `offset` rows of the same file are already written.
        """
        blocks, kinds = [table, repeats], ["late"] * late + [""] * (len(table) - late) + ["repeat"] * len(repeats)
        for spoiler, count in copies:
            if not count:
                continue
            rows = self._pick(table, count)
            if feed.kind == "E" and spoiler.kind != "same_key_other_content":
                rows = rows.set_column(0, "event_id", self._fresh_ids(feed, len(rows)))
            rows = spoiler.spoil(rows)
            blocks.append(rows)
            kinds += [spoiler.kind] * len(rows)
        if len(kinds) == len(table) and not late:
            return table
        order = np.argsort(np.concatenate([_moments(block, feed.sort_by) for block in blocks]), kind="stable")
        text = {
            name
            for block in blocks
            for name in block.schema.names
            if block.schema.field(name).type != table.schema.field(name).type
        }
        blocks = [_as_text(block, text) for block in blocks]
        result = pa.concat_tables(blocks).take(pa.array(order))
        key = feed.columns[0].name
        marks = np.array(kinds, object)[order]
        for row in np.flatnonzero(marks != ""):
            self._plant(file, feed.name, str(marks[row]), offset + int(row) + 1, result[key][int(row)].as_py())
        return result

    def _fresh_ids(self, feed: Feed, count: int) -> pa.Array:
        """Event ids that no real event has."""
        self._spoilt += count
        return pa.array([f"{feed.columns[0].prefix}9{number:09d}" for number in range(self._spoilt - count, self._spoilt)])

    def _corrections(self, file: str, day: str) -> pa.Table:
        """Newer versions of three tickets of the day before: only the customer reference changes."""
        before = self._previous["tickets"]
        rows = self._pick(before.filter(pc.equal(before["status"], "closed")), 3)
        moment = pa.scalar(np.datetime64(f"{day}T00:05:00").astype("datetime64[us]").item(), pa.timestamp("us")).cast(
            pa.timestamp("us", "UTC")
        )
        rows = rows.set_column(
            rows.schema.get_field_index("updated_at"), "updated_at", pa.array([moment.as_py()] * len(rows), moment.type)
        )
        rows = with_text(rows, "customer_ref", "c0ffee123456")
        for ticket in rows["ticket_id"].to_pylist():
            self._plant(file, "tickets", "correction", None, ticket)
        return rows

    def _corrected_file(self, day: str, clean: pa.Table, delivered: pa.Table, extension: str, file: str) -> None:
        """The same delivery again as its source would correct it: clean, and every unknown second factor known."""
        known = clean.set_column(clean.schema.get_field_index("is_mfa"), "is_mfa", pc.fill_null(clean["is_mfa"], True))
        write_day(self._out / "corrections" / day, CORRECTED_FEED, known, extension)
        self._plant(file, CORRECTED_FEED, "corrected_file", None, f"{len(delivered)} rows become {len(known)}")


def _moments(table: pa.Table, column: str) -> Array:
    """The sorting column as integers; in the lists it is an id or a date, and they are spoilt nowhere."""
    values = table[column]
    return np.asarray(pc.cast(values, pa.int64())) if pa.types.is_timestamp(values.type) else np.arange(len(values))


def _as_text(table: pa.Table, columns: set[str]) -> pa.Table:
    """The table with these columns as text."""
    for name in sorted(columns):
        position = table.schema.get_field_index(name)
        table = table.set_column(position, name, as_text(table.select([name]))[name])
    return table
