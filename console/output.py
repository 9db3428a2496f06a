"""The one way results leave the command line: as text for a person, or as JSON or CSV for a program.

Belongs here: pages, tables, columns, and the three formats that every listing command shares.
Does not: what is on a page (pages.py, entity.py), how a figure is put into words (words.py).
"""

import csv
import io
import json
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any

import typer
from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table as RichTable
from rich.text import Text

from console.cells import visible, visible_row, without_formula

Row = Mapping[str, Any]


class Format(StrEnum):
    """What `--format` takes."""

    text = "text"
    json = "json"
    csv = "csv"


FormatOption = Annotated[Format, typer.Option("--format", help="text for reading, json or csv for programs.")]


@dataclass(frozen=True)
class Column:
    """One column of a table as a person sees it.

    Args:
        title: heading.
        text: the cell's words, from the whole row.
        is_number: right-aligned and never wrapped.
        is_short: never wrapped.
    """

    title: str
    text: Callable[[Row], str]
    is_number: bool = False
    is_short: bool = False


@dataclass(frozen=True)
class Table:
    """Rows under a name: `columns` are for people, the rows' own keys are for programs.

    Args:
        name: key in JSON.
        title: heading in text; may be empty.
        rows: one mapping per row, all with the same keys.
        columns: what a person sees; may leave keys out and join others.
        empty: sentence in place of a table without rows.
        told: rows for people, where those for programs are finer than anybody reads.
    """

    name: str
    title: str
    rows: list[dict[str, Any]]
    columns: tuple[Column, ...]
    empty: str = "Nothing."
    told: list[dict[str, Any]] | None = None


@dataclass(frozen=True)
class Page:
    """The answer to one command.

    Args:
        title: heading.
        tables: in reading order.
        facts: single values; keys of the JSON document.
        lines: sentences under the heading, for people only.
        notes: what must not be overlooked, in every format.
        main: name of the table that CSV writes; the first one when empty.
    """

    title: str
    tables: tuple[Table, ...]
    facts: Mapping[str, Any]
    lines: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    main: str = ""

    @property
    def main_table(self) -> Table:
        return next((table for table in self.tables if table.name == self.main), self.tables[0])


def emit(page: Page, format_: Format) -> None:
    """Write the page to standard output; what is no row of a CSV goes to standard error."""
    if format_ is Format.json:
        tables = {table.name: table.rows for table in page.tables}
        document = {"title": page.title, **page.facts, "notes": list(page.notes), **tables}
        sys.stdout.write(json.dumps(document, default=_plain, ensure_ascii=False, indent=1) + "\n")
    elif format_ is Format.csv:
        sys.stdout.write(as_csv(page.main_table))
        for note in page.notes:
            sys.stderr.write(f"Note: {note}\n")
    else:
        Console().print(as_text(page))


def as_csv(table: Table) -> str:
    """The table's rows with a header line; lists are joined with '; ', and no cell is a formula to a spreadsheet."""
    text = io.StringIO()
    names = list(table.rows[0]) if table.rows else []
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(names)
    writer.writerows([_cell(row[name]) for name in names] for row in table.rows)
    return text.getvalue()


def as_text(page: Page) -> RenderableType:
    """The page for a terminal of any width."""
    parts: list[RenderableType] = [Text(visible(page.title), style="bold")]
    parts += [Text(visible(line)) for line in page.lines]
    parts += [Text(f"Note: {visible(note)}", style="yellow") for note in page.notes]
    for table in page.tables:
        parts.append(Text(""))
        if table.title:
            parts.append(Text(table.title, style="bold"))
        parts.append(table_text(table) if table.rows else Padding(Text(table.empty), (0, 2)))
    return Group(*parts)


def table_text(table: Table) -> RichTable:
    """The table with the columns a person sees; cells are text, never markup or commands to the terminal."""
    has_titles = any(column.title for column in table.columns)
    drawn = RichTable(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim", show_header=has_titles)
    for column in table.columns:
        drawn.add_column(
            column.title,
            justify="right" if column.is_number else "left",
            no_wrap=column.is_number or column.is_short,
            overflow="fold",
        )
    for row in table.rows if table.told is None else table.told:
        shown = visible_row(row)
        drawn.add_row(*(Text(column.text(shown)) for column in table.columns))
    return drawn


def of(key: str, missing: str = "-") -> Callable[[Row], str]:
    """A cell that shows one value as it is."""

    def text(row: Row) -> str:
        value = row[key]
        if value is None or value == "":
            return missing
        return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value)

    return text


def _cell(value: Any) -> Any:
    return without_formula("; ".join(str(item) for item in value) if isinstance(value, list) else value)


def _plain(value: Any) -> str:
    if isinstance(value, date | datetime):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} is not for JSON")
