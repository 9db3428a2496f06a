"""Any delivered file as a DuckDB relation of text columns with exact row numbers.

Belongs here: choosing the reader and describing what it yields. Does not: the contract's rules, writing to the warehouse.
Sound files go through DuckDB's own readers; only a file these reject is read again, slower and row by row (tolerant.py).
"""

import csv
import gzip
import io
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import duckdb

from expectations.sql import literal, only_row, quote
from preaudit.ingestion.problems import FileRefused, MalformedRow

LINE_LIMIT = 1_000_000
# 2026-11-25: a block without a line break proves a line far over the limit. DuckDB rejects such a line by itself unless it is the
# last one and larger than its buffer of 32 limits, which it drops without a word; every line of 8 limits holds a whole block.
SCAN_BLOCK = 4 * LINE_LIMIT
# 2026-11-25: the longest column name of the contract has under 40 characters; 1,000 leaves room for any export's own columns.
NAME_LIMIT = 1_000
NOT_AN_OBJECT = "\\not an object\\"
ROW_ERRORS = (duckdb.InvalidInputException, duckdb.NotImplementedException, duckdb.ConversionException, duckdb.IOException)


@dataclass(frozen=True)
class Readable:
    """A file's rows.

    Attributes:
        columns: column names as the file spells them.
        sql: a query with `row_number` and one VARCHAR column c0, c1 ... per entry of `columns`.
        malformed: rows that are not in the query.
    """

    columns: tuple[str, ...]
    sql: str
    malformed: tuple[MalformedRow, ...] = ()


@contextmanager
def opened(path: Path) -> Iterator[BinaryIO]:
    """The file's bytes, decompressed.

    Raises:
        FileRefused: the file is no gzip file, or a cut one.
    """
    try:
        if path.name.endswith(".gz"):
            with gzip.open(path, "rb") as compressed:
                yield io.BufferedReader(compressed)  # type: ignore[arg-type]
        else:
            with path.open("rb") as stream:
                yield stream
    except (gzip.BadGzipFile, zlib.error, EOFError, OSError) as error:
        raise FileRefused("UNREADABLE_FILE", f"{path.name} cannot be read: {error}. Deliver the file again.") from error


def read(con: duckdb.DuckDBPyConnection, path: Path, form: str) -> Readable:
    """The file through DuckDB's reader.

    Raises:
        FileRefused: nothing of the file can be used.
        duckdb.Error: of ROW_ERRORS while the query runs: some rows are malformed; read it with tolerant.read instead.
    """
    if path.stat().st_size == 0:
        raise _without_bytes(path)
    if form == "parquet":
        return _parquet(con, path)
    return _csv(path) if form == "csv" else _jsonl(con, path)


def header(path: Path) -> tuple[str, ...]:
    """Column names of a CSV file, stripped.

    Raises:
        FileRefused: not UTF-8, not separated by commas, too long, or a name occurs twice.
    """
    with opened(path) as stream:
        first = stream.readline(LINE_LIMIT)
    if not first:
        raise _without_bytes(path)
    if first.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\x00" in first:
        raise FileRefused("WRONG_ENCODING", f"{path.name} is UTF-16 or binary. Export it as UTF-8.")
    try:
        line = first.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FileRefused(
            "WRONG_ENCODING", f"{path.name}: the header is not UTF-8 ({error.reason}). Export it as UTF-8."
        ) from error
    if len(first) == LINE_LIMIT and not first.endswith(b"\n"):
        raise _unreadable(path, f"its first line is longer than {LINE_LIMIT:,} bytes, which no header is")
    csv.field_size_limit(2 * LINE_LIMIT)
    names = tuple(name.strip() for name in next(csv.reader([line]), []))
    if len(names) <= 1:
        for delimiter, word in ((";", "semicolons"), ("\t", "tabs"), ("|", "vertical bars")):
            if delimiter in line:
                raise FileRefused("WRONG_DELIMITER", f"{path.name}: the header is separated by {word}. Export it with commas.")
    check_names(path, names)
    return names


def check_names(path: Path, names: tuple[str, ...]) -> None:
    """Raise FileRefused where two columns have one name, whatever the case, or a name is too long to be one."""
    seen: set[str] = set()
    for number, name in enumerate(names, start=1):
        if len(name) > NAME_LIMIT:
            raise _unreadable(path, f"the name of column {number} is longer than {NAME_LIMIT:,} characters")
        if name.lower() in seen:
            raise FileRefused("REPEATED_COLUMN", f"{path.name}: column {name} occurs twice in the header. Name each column once.")
        seen.add(name.lower())


def check_compression(path: Path) -> None:
    """Raise FileRefused where a .gz file cannot be decompressed to its end."""
    with opened(path) as stream:
        while stream.read(1 << 20):
            pass


def count_rows(path: Path) -> int:
    """Rows of a file that is refused before it was read: data lines of a text file; 0 where even that cannot be said."""
    try:
        if path.name.endswith(".parquet"):
            return int(only_row(duckdb.connect(), "select num_rows from parquet_file_metadata(?)", [str(path)])[0])
        with opened(path) as stream:
            lines = sum(
                1 for line in iter(lambda: stream.readline(LINE_LIMIT), b"") if line.strip(b"\r\n\x00 ") and line.endswith(b"\n")
            )
            stream.seek(max(0, stream.tell() - 1))
            lines += stream.read(1) not in (b"\n", b"")
        return max(0, lines - (".csv" in path.name))
    except (duckdb.Error, FileRefused, OSError, EOFError):
        return 0


def has_long_line(path: Path) -> bool:
    """Whether a line is so long that DuckDB may drop it; nothing is said about lines up to 8 limits, which it rejects itself."""
    with opened(path) as stream:
        return any(len(block) == SCAN_BLOCK and b"\n" not in block for block in iter(lambda: stream.read(SCAN_BLOCK), b""))


def _unreadable(path: Path, problem: str) -> FileRefused:
    return FileRefused("UNREADABLE_FILE", f"{path.name}: {problem}. Deliver the file again.")


def _without_bytes(path: Path) -> FileRefused:
    sentence = f"{path.name} has no bytes, not even a header. The export or the copy failed: deliver the file again."
    return FileRefused("ZERO_BYTES", sentence)


def _csv(path: Path) -> Readable:
    names = header(path)
    if has_long_line(path):
        raise duckdb.InvalidInputException("a line is longer than DuckDB's buffer")
    columns = ", ".join(f"'c{index}': 'VARCHAR'" for index in range(len(names)))
    sql = (
        f"select row_number() over () as row_number, * from read_csv({literal(str(path))}, auto_detect = false, header = true, "
        f"delim = ',', quote = '\"', escape = '\"', columns = {{{columns}}}, strict_mode = true, max_line_size = {LINE_LIMIT})"
    )
    return Readable(names, sql)


def _parquet(con: duckdb.DuckDBPyConnection, path: Path) -> Readable:
    file = literal(str(path))
    try:
        names = tuple(row[0] for row in con.execute(f"describe select * from read_parquet({file})").fetchall())
        con.execute(f"select max(file_row_number) from read_parquet({file}, file_row_number = true)")
    except duckdb.Error as error:
        reason = str(error).splitlines()[0]
        raise FileRefused(
            "UNREADABLE_FILE", f"{path.name} is not a readable Parquet file: {reason}. Deliver the file again."
        ) from error
    check_names(path, names)
    columns = ", ".join(f"cast({quote(name)} as varchar) as c{index}" for index, name in enumerate(names))
    return Readable(
        names, f"select file_row_number + 1 as row_number, {columns} from read_parquet({file}, file_row_number = true)"
    )


def _jsonl(con: duckdb.DuckDBPyConnection, path: Path) -> Readable:
    objects = f"read_ndjson_objects({literal(str(path))}, maximum_object_size = {LINE_LIMIT})"
    (found,) = only_row(
        con,
        "select list_distinct(flatten(list(distinct keys))) from "
        f"(select case when json_type(json) = 'OBJECT' then json_keys(json) else [{literal(NOT_AN_OBJECT)}] end as keys "
        f"from {objects})",
    )
    names = tuple(sorted(found or []))
    if NOT_AN_OBJECT in names:
        raise duckdb.InvalidInputException("a line is JSON but not an object")
    check_names(path, names)
    return Readable(names, json_columns(f"select row_number() over () as row_number, json from {objects}", names))


def json_columns(sql: str, names: tuple[str, ...]) -> str:
    """A query over (row_number, json) with one text column per key."""
    if not names:
        return f"select row_number from ({sql})"
    paths = ", ".join("'$.\"" + name.replace("'", "''").replace('"', '\\"') + "\"'" for name in names)
    columns = ", ".join(f"v[{index + 1}] as c{index}" for index in range(len(names)))
    return f"select row_number, {columns} from (select row_number, json_extract_string(json, [{paths}]) as v from ({sql}))"
