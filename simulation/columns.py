"""The feeds as the simulation writes them: per feed the contract's columns, each with the way its numbers become text.

Turning numbers into Arrow columns belongs here. Which values are written, and into which file, does not. The names are
those of the feed contract (tests/simulation holds them equal to it).
"""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from simulation.tables import NULL, Array, mix

HEX = np.frombuffer(b"0123456789abcdef", np.uint8)


@dataclass(frozen=True)
class Column:
    """One column. `kind`: id, entity, hash, code, time, date, flag or count; the rest shapes ids and codes.

    Things are numbered from 0 here and from 1 in their ids.
    """

    name: str
    kind: str
    prefix: str = ""
    width: int = 0
    suffix: str = ""
    null: str | None = None
    words: tuple[str, ...] = ()


def _digits(values: Array, prefix: str, width: int) -> Array:
    """Bytes of `prefix` + zero-padded numbers, one row per value."""
    head = np.frombuffer(prefix.encode(), np.uint8)
    text = np.empty((len(values), len(head) + width), np.uint8)
    text[:, : len(head)] = head
    rest = np.where(values < 0, 0, values).astype(np.int64)
    for place in range(width - 1, -1, -1):
        text[:, len(head) + place] = 48 + rest % 10
        rest //= 10
    if rest.any():
        raise OverflowError(f"an id of prefix {prefix!r} needs more than {width} digits")
    return text


def _hex(values: Array) -> Array:
    bits = mix(np.where(values < 0, 0, values))
    places = np.arange(44, -1, -4, dtype=np.uint64)
    return HEX[((bits[:, None] >> places) & np.uint64(15)).astype(np.intp)]


def _strings(text: Array, null: Array) -> pa.Array:
    count, width = text.shape
    # 32-bit offsets: a day of 400,000 events is far below the limit of 2 GB
    offsets = np.arange(0, (count + 1) * width, width, dtype=np.int32) if width else np.zeros(count + 1, np.int32)
    plain = pa.StringArray.from_buffers(count, pa.py_buffer(offsets), pa.py_buffer(np.ascontiguousarray(text)))
    return pc.if_else(pa.array(null), pa.scalar(None, pa.string()), plain) if null.any() else plain


def arrow(column: Column, values: Array) -> pa.Array:
    """The Arrow column of these numbers; a negative id, code, flag or count and NULL in a time or date are null."""
    if column.kind == "id":
        text = _strings(_digits(values + 1, column.prefix, column.width), values < 0)
        text = pc.binary_join_element_wise(text, column.suffix, "") if column.suffix else text
        return pc.fill_null(text, column.null) if column.null else text
    if column.kind == "entity":  # a worker number, or a process number as -1 - number
        agents, processes = _digits(values + 1, "W", 6), _digits(-values, "P", 3)
        none = np.zeros(len(values), bool)
        return pc.if_else(pa.array(values >= 0), _strings(agents, none), _strings(processes, none))
    if column.kind == "hash":
        return _strings(_hex(values), values < 0)
    if column.kind == "code":
        return pa.DictionaryArray.from_arrays(
            pa.array(values.astype(np.int32), mask=values < 0), pa.array(column.words, pa.string())
        ).cast(pa.string())
    if column.kind == "time":
        return pa.array(values * 1_000_000, pa.timestamp("us", "UTC"), mask=values == NULL)
    if column.kind == "date":
        empty = values == NULL
        return pa.array(np.where(empty, 0, values).astype(np.int32), pa.int32(), mask=empty).cast(pa.date32())
    if column.kind == "flag":
        return pa.array(values > 0, pa.bool_(), mask=values < 0)
    return pa.array(values.astype(np.int32), pa.int32(), mask=values < 0)


def arrow_table(columns: tuple[Column, ...], rows: dict[str, Array]) -> pa.Table:
    """The rows as an Arrow table with exactly these columns."""
    return pa.table({column.name: arrow(column, np.asarray(rows[column.name])) for column in columns})
