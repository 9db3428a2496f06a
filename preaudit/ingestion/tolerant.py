"""Row-by-row reading of a damaged CSV or JSON-lines file: sound rows go to a Parquet file, the others are set aside.

Belongs here: splitting damaged text into rows. Does not: files that DuckDB reads by itself (reading.py), rules on values.
A record of several lines that turns out malformed gives back all but its first line, so one open quote costs one row.
"""

import csv
import json
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

from expectations.sql import literal
from preaudit.ingestion import reading
from preaudit.ingestion.problems import RAW_LINE_LIMIT, FileRefused, MalformedRow
from preaudit.ingestion.reading import LINE_LIMIT, Readable, opened

LINES_PER_RECORD = 1_000
BATCH_ROWS = 20_000


def read(path: Path, form: str, scratch: Path) -> Readable:
    """The sound rows of a damaged file, written to a Parquet file in `scratch`, and its malformed rows.

    Raises:
        FileRefused: the file is not UTF-8.
    """
    return _csv(path, scratch) if form == "csv" else _jsonl(path, scratch)


def _csv(path: Path, scratch: Path) -> Readable:
    names = reading.header(path)
    malformed: list[MalformedRow] = []

    def rows() -> Iterator[tuple[int, list[str | None]]]:
        with opened(path) as stream:
            stream.readline(LINE_LIMIT)
            for number, values, problem in _records(path, _lines(stream), len(names)):
                if values is None:
                    malformed.append(problem or MalformedRow(number, "MALFORMED_ROW", "", ""))
                else:
                    yield number, [value or None for value in values]

    target = _write(rows(), len(names), scratch / f"{path.name}.rows.parquet")
    columns = "".join(f", c{index}" for index in range(len(names)))
    return Readable(names, f"select row_number{columns} from read_parquet({literal(str(target))})", tuple(malformed))


def _jsonl(path: Path, scratch: Path) -> Readable:
    malformed: list[MalformedRow] = []
    names: dict[str, None] = {}

    def rows() -> Iterator[tuple[int, list[str | None]]]:
        with opened(path) as stream:
            for number, (line, is_cut) in enumerate(_filled(_lines(stream)), start=1):
                text = _decoded(path, number, line)
                value = None if is_cut else _object(text.removeprefix("\ufeff"))
                if value is None:
                    malformed.append(_too_long(number, text) if is_cut else _malformed(number, "is not one JSON object", text))
                else:
                    names.update(dict.fromkeys(value))
                    yield number, [text.removeprefix("\ufeff")]

    target = _write(rows(), 1, scratch / f"{path.name}.rows.parquet")
    ordered = tuple(sorted(names))
    reading.check_names(path, ordered)
    sql = f"select row_number, c0::json as json from read_parquet({literal(str(target))})"
    return Readable(ordered, reading.json_columns(sql, ordered), tuple(malformed))


def _records(
    path: Path, lines: Iterator[tuple[bytes, bool]], width: int
) -> Iterator[tuple[int, list[str] | None, MalformedRow | None]]:
    """Each record's number, then either its values or what was wrong with it."""
    waiting: deque[tuple[bytes, bool]] = deque()
    number = 0
    while True:
        taken = _take(waiting, lines)
        if taken is None:
            return
        line, is_cut = taken
        if not line.strip(b"\r\n"):
            continue
        number += 1
        text = _decoded(path, number, line)
        if is_cut:
            yield number, None, _too_long(number, text)
            continue
        values, problem = _parse([text], width)
        more: list[tuple[bytes, bool]] = []
        parts, size = [text], len(line)
        while problem == "has an unclosed quote" and len(parts) < LINES_PER_RECORD and size < LINE_LIMIT:
            following = _take(waiting, lines)
            if following is None:
                break
            more.append(following)
            size += len(following[0])
            if following[1]:
                break
            parts.append(_decoded(path, number, following[0]))
            if parts[-1].count('"') % 2:
                values, problem = _parse(parts, width)
        if values is None:
            waiting.extendleft(reversed(more))
            yield number, None, _malformed(number, problem, text)
        else:
            yield number, values, None


def _parse(parts: list[str], width: int) -> tuple[list[str] | None, str]:
    """The values of one record, or what is wrong with it. Empty cells past the last column are dropped, as DuckDB does."""
    csv.field_size_limit(2 * LINE_LIMIT)
    try:
        values = next(csv.reader(parts, strict=True))
    except csv.Error as error:
        return None, "has an unclosed quote" if "unexpected end of data" in str(
            error
        ) else f"cannot be split into cells ({error})"
    while len(values) > width and not values[-1]:
        values.pop()
    if len(values) != width:
        return None, f"has {len(values)} cells where the header has {width}"
    return values, ""


def _lines(stream: BinaryIO) -> Iterator[tuple[bytes, bool]]:
    """Lines with their ending; of a line longer than the limit only its start, marked as cut."""
    while line := stream.readline(LINE_LIMIT):
        is_cut = len(line) == LINE_LIMIT and not line.endswith(b"\n")
        rest = line
        while is_cut and rest and not rest.endswith(b"\n"):
            rest = stream.readline(LINE_LIMIT)
        yield (line[: 4 * RAW_LINE_LIMIT] if is_cut else line), is_cut


def _filled(lines: Iterator[tuple[bytes, bool]]) -> Iterator[tuple[bytes, bool]]:
    return (entry for entry in lines if entry[0].strip())


def _take(waiting: deque[tuple[bytes, bool]], lines: Iterator[tuple[bytes, bool]]) -> tuple[bytes, bool] | None:
    return waiting.popleft() if waiting else next(lines, None)


def _decoded(path: Path, number: int, line: bytes) -> str:
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.start >= len(line) - 3 and len(line) == 4 * RAW_LINE_LIMIT:
            return line[: error.start].decode("utf-8")
        raise FileRefused(
            "WRONG_ENCODING",
            f"{path.name}: row {number} is not UTF-8 (byte 0x{line[error.start]:02x}). Export the file as UTF-8.",
        ) from error


def _object(text: str) -> dict[str, Any] | None:
    """The line's object; None also where only Python would take it: NaN, infinity, half a character pair in a name."""
    try:
        value = json.loads(text, parse_constant=_no_json)
        if isinstance(value, dict):
            "".join(value).encode()
            return value
    except (ValueError, RecursionError):
        pass
    return None


def _no_json(constant: str) -> None:
    raise ValueError(f"{constant} is not JSON")


def _malformed(number: int, problem: str, text: str) -> MalformedRow:
    return MalformedRow(number, "MALFORMED_ROW", f"the row {problem}", text.rstrip("\r\n")[:RAW_LINE_LIMIT])


def _too_long(number: int, text: str) -> MalformedRow:
    return MalformedRow(number, "ROW_TOO_LONG", f"the row is longer than {LINE_LIMIT:,} bytes", text[:RAW_LINE_LIMIT])


def _write(rows: Iterator[tuple[int, list[str | None]]], width: int, target: Path) -> Path:
    import pyarrow as pa
    import pyarrow.parquet as pq

    schema = pa.schema([("row_number", pa.int64()), *((f"c{index}", pa.string()) for index in range(width))])
    target.parent.mkdir(parents=True, exist_ok=True)
    with pq.ParquetWriter(target, schema) as writer:
        batch: list[tuple[int, list[str | None]]] = []
        for row in rows:
            batch.append(row)
            if len(batch) == BATCH_ROWS:
                writer.write_table(_table(batch, schema))
                batch = []
        writer.write_table(_table(batch, schema))
    return target


def _table(batch: list[tuple[int, list[str | None]]], schema: Any) -> Any:
    import pyarrow as pa

    columns = [[number for number, _ in batch], *([values[index] for _, values in batch] for index in range(len(schema) - 1))]
    return pa.table([pa.array(column, field.type) for column, field in zip(columns, schema, strict=True)], schema=schema)
