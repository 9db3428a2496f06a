"""The terminal's tables as data for a page: headings, cells in words, and the rows for programs.

Belongs here: that change of shape. Does not: what is in a table (console/*.py).
"""

from typing import Any

from console.output import Table

MOST_ROWS = 200


def as_data(table: Table, most: int = MOST_ROWS) -> dict[str, Any]:
    """Name, title, columns, rows, cells in the order of the columns, and how many rows there are in all."""
    told = table.told or table.rows
    return {
        "name": table.name,
        "title": table.title,
        "empty": table.empty,
        "columns": [{"title": column.title, "is_number": column.is_number} for column in table.columns],
        "cells": [[column.text(row) for column in table.columns] for row in told[:most]],
        "rows": table.rows[:most],
        "total": len(told),
    }
