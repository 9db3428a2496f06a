"""The feed contract: which feeds exist, which columns may never come in, which rules there are.

Belongs here: look-ups over the declarations and what holds for all feeds. Does not: a single feed's columns (declared/).
"""

import re

from expectations.columns import Feed
from expectations.declared import access, decisions, hr, servicenow, ticketing

_ALL = (*hr.FEEDS, *ticketing.FEEDS, *access.FEEDS, *servicenow.FEEDS, *decisions.FEEDS)
_BY_NAME = {(feed.source, feed.name): feed for feed in _ALL}

# Matched on whole words of a column name split at `_`, `-`, blanks and case changes (the feed rules: "never delivered").
FORBIDDEN_WORDS = frozenset(
    {
        "gender",
        "sex",
        "ethnicity",
        "ethnic",
        "race",
        "religion",
        "religious",
        "faith",
        "birthdate",
        "birthday",
        "dob",
        "age",
        "marital",
        "health",
        "medical",
        "diagnosis",
        "disability",
        "pregnancy",
        "sick",
        "salary",
        "pay",
        "wage",
        "payroll",
        "compensation",
        "bonus",
        "remark",
        "remarks",
        "comment",
        "comments",
        "note",
        "notes",
        "freetext",
        "ssn",
        "passport",
        "aadhaar",
        "nationality",
    }
)
FORBIDDEN_PHRASES = (
    "birth_date",
    "date_of_birth",
    "leave_reason",
    "absence_reason",
    "reason_for_leave",
    "free_text",
    "home_address",
    "street_address",
    "postal_address",
    "national_id",
    "tax_id",
    "social_security",
    "email_body",
    "mail_body",
    "message_body",
    "hourly_rate",
)

RULES: dict[str, str] = {
    "REQUIRED_MISSING": "a required value is missing",
    "NOT_READABLE": "the value cannot be read as the column's type (for example an impossible date)",
    "NOT_ALLOWED": "the value is not one of the allowed values",
    "OUT_OF_RANGE": "the number lies outside its limits",
    "KEY_TOO_LONG": "the key or name is longer than 256 characters",
    "IMPLAUSIBLE_DATE": "the date lies outside 1950 to 9999",
    "FUTURE_EVENT": "the event lies after the day it became known",
    "END_BEFORE_START": "the end lies before the start",
    "DUPLICATE_KEY": "an earlier row has the same key and another content",
    "MALFORMED_ROW": "the row cannot be split into the header's columns",
    "ROW_TOO_LONG": "the row is longer than 1,000,000 bytes",
    "UNREADABLE_FILE": "the file cannot be read",
    "ZERO_BYTES": "the file has no bytes",
    "WRONG_DELIMITER": "the header is not separated by commas",
    "WRONG_ENCODING": "the file is not UTF-8",
    "REPEATED_COLUMN": "the header names a column twice",
    "TWO_FORMATS": "the folder has two files of one feed",
    "MISSING_COLUMN": "a required column is missing",
    "EMPTY_DELIVERY": "the delivery has no rows",
    "NO_USABLE_ROWS": "no row of a whole list can be used, which would read as an empty list",
    "VOLUME_OFF": "the row count is far off the median of its weekday",
    "UNKNOWN_KEYS": "most keys match nothing that was delivered",
}


def sources() -> tuple[str, ...]:
    """Every source with a declared contract."""
    return tuple(dict.fromkeys(feed.source for feed in _ALL))


def find_feed(source: str, name: str) -> Feed | None:
    """The feed, or None where the source has no such feed."""
    return _BY_NAME.get((source, name))


def feeds(source: str) -> tuple[Feed, ...]:
    """Feeds of a source, referenced feeds before those that refer to them."""
    remaining = [feed for feed in _ALL if feed.source == source]
    ordered: list[Feed] = []
    while remaining:
        done = {feed.name for feed in ordered}
        ready = [feed for feed in remaining if {reference.feed for reference in feed.references} <= done]
        ordered.extend(ready)
        remaining = [feed for feed in remaining if feed not in ready]
    return tuple(ordered)


def is_identity(source: str, feed: str, column: str | None) -> bool:
    """Whether a quarantined value may name a person or customer and must be withheld where it is published.

    `column` is as in ops.quarantine: one name, several joined by ", ", or None for a whole row.
    """
    declared = find_feed(source, feed)
    if declared is None or column is None:
        return True
    names = column.split(", ")
    return any(name not in declared.by_name or declared.by_name[name].is_identity for name in names)


def is_forbidden(feed: Feed, column: str) -> bool:
    """Whether an undeclared column must be dropped at the door; a declared column never is."""
    if column.lower() in feed.by_name:
        return False
    snake = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|[\s\-.]+", "_", column).lower()
    return any(phrase in snake for phrase in FORBIDDEN_PHRASES) or bool(FORBIDDEN_WORDS & set(snake.split("_")))
