"""From a feed's contract to what Great Expectations checks: the frame it looks at and the suite of expectations.

Belongs here: one row rule per line of the contract, and the query that derives what the rule looks at. Does not: running them
(validation.py), rules on a whole delivery (tables.py).
The frame holds numbers and enumerations only: GX fingerprints every cell of a frame, which for a million distinct texts takes 1 s
per column, for numbers 0.03 s (2026-11-24). So no cell that names a person reaches the Data Docs either.
"""

from dataclasses import dataclass
from typing import Any

from expectations.casts import given, typed
from expectations.columns import Column, Feed
from expectations.library import great_expectations
from expectations.sql import quote

# 2026-11-24: nobody at work was hired before 1950; 9999-12-31 is how HR systems write "no end".
PLAUSIBLE = "between timestamp '1950-01-01' and timestamp '9999-12-31 23:59:59'"

# 2026-11-25: the longest ids of the feeds are UUIDs (36) and the longest legal mail address has 254 characters; a longer "key" is
# other text in the wrong column, and would be carried into every table and page that names its entity.
LONGEST_KEY = 256


@dataclass(frozen=True)
class RowRule:
    """One row rule on one column (of a pair rule: the later one).

    Attributes:
        expectation: name of the GX expectation class.
        limits: its arguments beside the column.
        frame_column: the frame's column it looks at.
        sql: that column, over `<column>` (text, null where not given) and `<column>__typed`.
    """

    code: str
    column: str
    expectation: str
    limits: dict[str, Any]
    frame_column: str
    sql: str
    message: str


def row_rules(feed: Feed, *, is_history: bool) -> tuple[RowRule, ...]:
    """All row rules of a feed, in the order of its columns."""
    rules: list[RowRule] = []
    required = set(feed.required_columns(is_history=is_history))
    for column in feed.columns:
        if column.name in required:
            sql = f"case when {quote(column.name)} is not null then 1.0::double end"
            rules.append(_not_null(column.name, sql))
        if column.values:
            message = f"is none of {', '.join(column.values)}"
            limits = {"value_set": list(column.values)}
            rules.append(
                RowRule(
                    "NOT_ALLOWED", column.name, "ExpectColumnValuesToBeInSet", limits, column.name, quote(column.name), message
                )
            )
        if column.type == "text" and (column.name in feed.key or column.is_identity):
            message = f"is longer than {LONGEST_KEY} characters"
            too_long = f"length({quote(column.name)}) > {LONGEST_KEY}"
            rules.append(broken_row("KEY_TOO_LONG", column.name, f"{column.name}__too_long_row", too_long, message))
        if column.type != "text":
            rules.extend(_typed_rules(feed, column))
    for pair in feed.pairs:
        sql = _days_after(_plausible(pair.later), _plausible(pair.earlier))
        name, message = f"{pair.later}__days_after_{pair.earlier}", f"lies before {pair.earlier}"
        rules.append(
            RowRule("END_BEFORE_START", pair.later, "ExpectColumnValuesToBeBetween", {"min_value": 0}, name, sql, message)
        )
    return tuple(rules)


def frame_query(feed: Feed, rules: tuple[RowRule, ...], table: str, where: str, latest: str) -> str:
    """The query whose result GX looks at; `latest` is the SQL of the last allowed UTC timestamp of a past event."""
    inner = [f"{given(feed, column.name)} as {quote(column.name)}" for column in feed.columns]
    inner += [f"{typed(feed, column)} as {quote(column.name + '__typed')}" for column in feed.columns if column.type != "text"]
    outer = ", ".join(f"{rule.sql} as {quote(rule.frame_column)}" for rule in rules)
    return (
        f"select _row_number, {outer} from "
        f"(select _row_number, {latest} as latest_at, {', '.join(inner)} from {table} where {where})"
    )


def build_suite(name: str, rules: tuple[RowRule, ...]) -> Any:
    """The GX suite of these rules; each expectation carries its rule code and column in `meta`."""
    gx, gxe = great_expectations()

    expectations = [
        getattr(gxe, rule.expectation)(column=rule.frame_column, **rule.limits, meta={"rule": rule.code, "column": rule.column})
        for rule in rules
    ]
    return gx.ExpectationSuite(name=name, expectations=expectations)


def broken_row(code: str, column: str, frame_column: str, condition: str, message: str) -> RowRule:
    """A rule whose frame column holds the row number where the condition holds, and nothing elsewhere."""
    sql = f"case when {condition} then _row_number::double end"
    return RowRule(code, column, "ExpectColumnValuesToBeNull", {}, frame_column, sql, message)


def _not_null(column: str, sql: str) -> RowRule:
    return RowRule(
        "REQUIRED_MISSING", column, "ExpectColumnValuesToNotBeNull", {}, f"{column}__given", sql, "is required but empty"
    )


def _typed_rules(feed: Feed, column: Column) -> list[RowRule]:
    name, value = column.name, quote(column.name + "__typed")
    unreadable = f"{quote(name)} is not null and {value} is null"
    rules = [broken_row("NOT_READABLE", name, f"{name}__unreadable_row", unreadable, f"cannot be read as {_words(feed, column)}")]
    if column.type in ("timestamp", "date"):
        message = "lies outside the years 1950 to 9999"
        rules.append(broken_row("IMPLAUSIBLE_DATE", name, f"{name}__implausible_row", f"not ({value} {PLAUSIBLE})", message))
    if column.is_past:
        sql, message = _days_after(_plausible(name), "latest_at"), "lies after the day it became known"
        rules.append(
            RowRule(
                "FUTURE_EVENT", name, "ExpectColumnValuesToBeBetween", {"max_value": 0}, f"{name}__days_too_late", sql, message
            )
        )
    if column.minimum is not None or column.maximum is not None:
        limits = {"min_value": column.minimum, "max_value": column.maximum}
        message = f"lies outside {column.minimum} to {'any' if column.maximum is None else column.maximum}"
        sql = f"cast({value} as double)"
        rules.append(RowRule("OUT_OF_RANGE", name, "ExpectColumnValuesToBeBetween", limits, f"{name}__number", sql, message))
    return rules


def _plausible(name: str) -> str:
    """The typed value as a timestamp, null where it is no plausible date (which has its own rule)."""
    value = quote(name + "__typed")
    return f"case when {value} {PLAUSIBLE} then cast({value} as timestamp) end"


def _days_after(later: str, earlier: str) -> str:
    return f"(epoch_us({later}) - epoch_us({earlier})) / 86400e6"


def _words(feed: Feed, column: Column) -> str:
    if column.type == "timestamp":
        return "a timestamp d/m/yyyy HH:MM" if feed.is_day_first else "an ISO 8601 timestamp"
    return {"date": "an ISO 8601 date", "boolean": "true or false", "integer": "a whole number", "number": "a number"}[
        column.type
    ]
