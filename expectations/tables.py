"""Rules on a delivery as a whole: is anything in it, is its size plausible, do its keys match anybody.

Belongs here: the facts, their limits with the reason of each, and the suite over them. Does not: rules on rows (suites.py).
A delivery that breaks one is refused; its file stays where it is.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

import duckdb

from expectations.casts import given
from expectations.columns import Feed, Reference
from expectations.library import great_expectations
from expectations.sql import only_row, quote

# 2026-11-24: a holiday in one country of a two-country operation halves a feed, a doubled export doubles it; a fifth or the
# fivefold is neither, it is a cut or wrong export.
VOLUME_LOW, VOLUME_HIGH = 0.2, 5.0
# 2026-11-24: a median of fewer than four days moves too much; a feed below 50 rows a day triples by chance.
VOLUME_DAYS, VOLUME_MEDIAN, VOLUME_WINDOW_DAYS = 4, 50, 70
# 2026-11-24: new joiners and external actors leave some keys unknown; half of them unknown means another key system or file.
KNOWN_KEYS_RATIO, KEYS_AT_LEAST = 0.5, 5


@dataclass(frozen=True)
class Fact:
    """One number about a delivery and the limits it must keep; `sentence` is the refusal where it does not."""

    code: str
    column: str | None
    value: float
    minimum: float | None
    maximum: float | None
    sentence: str

    @property
    def name(self) -> str:
        return f"{self.code.lower()}_{self.column}" if self.column else self.code.lower()


def facts(
    con: duckdb.DuckDBPyConnection,
    feed: Feed,
    table: str,
    delivery_id: int,
    delivered: int,
    accepted: int,
    delivered_on: date | None,
) -> list[Fact]:
    """Every fact that can be stated about a delivery that lies in the raw table."""
    found = []
    if not feed.may_be_empty:
        sentence = (
            f"The delivery has no rows, but {feed.name} is never empty. Check the export and its filter, then deliver it again."
        )
        found.append(Fact("EMPTY_DELIVERY", None, delivered, 1, None, sentence))
    if feed.kind == "S" and delivered:
        sentence = f"None of the {delivered} rows can be used; as a whole list it would say that nothing exists any more."
        found.append(Fact("NO_USABLE_ROWS", None, accepted, 1, None, sentence))
    if feed.has_steady_volume and delivered_on is not None and delivered:
        found.extend(_volume(con, feed, table, delivered, delivered_on))
    for reference in feed.references:
        found.extend(_known_keys(con, feed, table, delivery_id, reference))
    return found


def build_suite(name: str, found: list[Fact]) -> Any:
    """The GX suite over a frame of one row with a column per fact."""
    gx, gxe = great_expectations()

    expectations = [
        gxe.ExpectColumnValuesToBeBetween(
            column=fact.name, min_value=fact.minimum, max_value=fact.maximum, meta={"rule": fact.code, "column": fact.column}
        )
        for fact in found
    ]
    return gx.ExpectationSuite(name=name, expectations=expectations)


def _volume(con: duckdb.DuckDBPyConnection, feed: Feed, table: str, delivered: int, delivered_on: date) -> list[Fact]:
    """Rows against the median of earlier days: the same weekday, or any day for whole lists, whose size has no weekday."""
    weekday = "" if feed.kind == "S" else f"and isodow(_known_on) = {delivered_on.isoweekday()}"
    days, median = only_row(
        con,
        "select count(*), median(day_rows) from "
        f"(select count(*) as day_rows from {table} where _known_on < date '{delivered_on}' "
        f"and _known_on >= date '{delivered_on}' - interval {VOLUME_WINDOW_DAYS} day {weekday} and _delivery_id in "
        "(select delivery_id from ops.deliveries where status = 'accepted' and superseded_on is null) group by _known_on)",
    )
    if days < VOLUME_DAYS or median < VOLUME_MEDIAN:
        return []
    usual = "earlier days" if feed.kind == "S" else delivered_on.strftime("%As")
    sentence = (
        f"{delivered:,} rows, where the median of {days} {usual} is {median:,.0f}; "
        f"allowed is {VOLUME_LOW:g} to {VOLUME_HIGH:g} times that. "
        "Check that the export is whole and covers one day, then deliver it again."
    )
    return [Fact("VOLUME_OFF", None, delivered / median, VOLUME_LOW, VOLUME_HIGH, sentence)]


def _known_keys(con: duckdb.DuckDBPyConnection, feed: Feed, table: str, delivery_id: int, reference: Reference) -> list[Fact]:
    """The share of distinct keys that the referenced feed has delivered; nothing to say where that feed never came."""
    target, key = f"raw.{feed.source}__{reference.feed}", quote(reference.key)
    used, matched, known = only_row(
        con,
        f"with known as (select distinct {key} as value from {target} where not _is_quarantined), "
        f"used as (select distinct {given(feed, reference.column)} as value from {table} where _delivery_id = {delivery_id}) "
        "select count(*), count(*) filter (where value in (select value from known)), (select count(*) from known) from used "
        "where value is not null",
    )
    if used < KEYS_AT_LEAST or known == 0:
        return []
    sentence = (
        f"Only {matched} of {used} keys in {reference.column} occur in {reference.feed}; at least {KNOWN_KEYS_RATIO:.0%} must. "
        f"Check that both feeds write {reference.key} the same way, then deliver it again."
    )
    return [Fact("UNKNOWN_KEYS", reference.column, matched / used, KNOWN_KEYS_RATIO, None, sentence)]
