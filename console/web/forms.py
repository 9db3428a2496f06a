"""Values of forms: what a person typed, as a value or as a sentence about it.

Belongs here: reading single fields. Does not: rules about what they mean together.
"""

from datetime import date

from preaudit.errors import PreauditError


class BadField(PreauditError):
    """Something was typed that cannot be read."""

    status = 422


def day(text: str) -> date | None:
    """A day as YYYY-MM-DD; None where nothing was typed.

    Raises:
        BadField: it is no day.
    """
    if not text.strip():
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError as error:
        raise BadField(f"{text.strip()[:20]!r} is no day.", remedy="Write it as 2026-11-30.") from error


def names(text: str) -> frozenset[str] | None:
    """Names with commas between them; None, which means all, where nothing was typed."""
    return frozenset(word.strip() for word in text.split(",") if word.strip()) or None
