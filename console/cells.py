"""What a value may do to its reader: nothing. Control characters, spreadsheet formulas and endless ids are made harmless.

Belongs here: changes to a value's characters on its way out. Does not: formats and layout (output.py). JSON escapes its own.
"""

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

LONGEST_ID = 40  # the longest id in a feed of ours has 24 characters; a longer one would push every other column aside

# Controls, surrogates, line separators, and the marks that turn the direction of the text after them.
_UNSEEN = frozenset({"Cc", "Cs", "Zl", "Zp"})
_TURNS = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?")


def visible(text: str) -> str:
    r"""The text with what a terminal would obey written out: ESC as '\x1b', a line end as '\n'."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(_escaped(char) if char in _TURNS or unicodedata.category(char) in _UNSEEN else char for char in text)


def visible_row(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row for a person: every text visible, ids longer than `LONGEST_ID` cut with an ellipsis."""
    return {key: _shortened(key, _visible_value(value)) for key, value in row.items()}


def without_formula(value: Any) -> Any:
    """A CSV value that no spreadsheet runs: what begins like a formula gets an apostrophe, unless it is a plain number."""
    if isinstance(value, str) and value.startswith(_FORMULA) and not _NUMBER.fullmatch(value):
        return f"'{value}"
    return value


def _escaped(char: str) -> str:
    return char.encode("unicode_escape").decode()


def _visible_value(value: Any) -> Any:
    if isinstance(value, list):
        return [_visible_value(item) for item in value]
    return visible(value) if isinstance(value, str) else value


def _shortened(key: str, value: Any) -> Any:
    if key.endswith("_id") and isinstance(value, str) and len(value) > LONGEST_ID:
        return value[: LONGEST_ID - 1] + "…"
    return value
