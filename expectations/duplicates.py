"""Rows of a delivery whose key came before: harmless repeats and conflicting contents.

Belongs here: finding them set-based over the whole file, and over earlier deliveries of the same event days. Does not: what
becomes of them (gate.py). The first sound row of a key stands; a later one with the same content is a repeat, with another
content a conflict. Rows that already broke a row rule take no part. Keys and contents are compared as the contract's types:
a Parquet history and a JSONL file of the next day write the same time, flag or number in different words.
"""

from dataclasses import dataclass

import duckdb

from expectations.casts import typed
from expectations.columns import Feed
from expectations.sql import only_row

FAILURES = "gate_failures"


@dataclass(frozen=True)
class Delivery:
    """The delivery under test, as it lies in the raw table.

    Attributes:
        replaces: the accepted delivery of the same folder that this one corrects; its rows do not count as "came before".
    """

    feed: Feed
    table: str
    delivery_id: int
    is_history: bool
    replaces: int | None = None


def find(con: duckdb.DuckDBPyConnection, delivery: Delivery) -> None:
    """Fill the temporary table key_repeats(_row_number, is_conflict), one row per row whose key came before."""
    feed = delivery.feed
    key = [typed(feed, feed.by_name[name]) for name in feed.key_columns(is_history=delivery.is_history)]
    content = f"hash({', '.join(typed(feed, column) for column in feed.columns)})"
    con.execute("create or replace temp table key_repeats (_row_number bigint, is_conflict boolean)")
    sound = f"_delivery_id = {delivery.delivery_id} and _row_number not in (select row_number from {FAILURES})"
    con.execute(
        "insert into key_repeats "
        f"with hashed as (select _row_number, hash({', '.join(key)}) as key_hash from {delivery.table} where {sound}), "
        "crowded as (select key_hash from hashed group by key_hash having count(*) > 1), "
        "candidates as (select _row_number from hashed where key_hash in (select key_hash from crowded)), "
        f"contents as (select _row_number, ({', '.join(key)}) as key, {content} as content from {delivery.table} "
        f"where _delivery_id = {delivery.delivery_id} and _row_number in (select _row_number from candidates)), "
        "rows as (select _row_number, content, row_number() over in_order as occurrence, "
        "first_value(content) over in_order as first_content from contents "
        "window in_order as (partition by key order by _row_number)) "
        "select _row_number, content <> first_content from rows where occurrence > 1"
    )
    if feed.kind == "E":
        _find_earlier(con, delivery, key, content, sound)


def _find_earlier(con: duckdb.DuckDBPyConnection, delivery: Delivery, key: list[str], content: str, sound: str) -> None:
    """Events that an earlier delivery brought; only raw rows of the same event days are read."""
    first, last = only_row(
        con, f"select min(_occurred_on), max(_occurred_on) from {delivery.table} where _delivery_id = {delivery.delivery_id}"
    )
    (others,) = only_row(
        con,
        "select list(delivery_id) from ops.deliveries where source = ? and feed = ? and status = 'accepted' "
        "and superseded_on is null and delivery_id not in (?, ?)",
        [delivery.feed.source, delivery.feed.name, delivery.delivery_id, delivery.replaces or -1],
    )
    if first is None or not others:
        return
    listed = ", ".join(str(number) for number in others)
    names = [f"key_{number}" for number in range(len(key))]
    keys = ", ".join(f"{sql} as {name}" for name, sql in zip(names, key, strict=True))
    columns = f"{keys}, _occurred_on, {content} as content from {delivery.table}"
    con.execute(
        "insert into key_repeats "
        f"with new as (select _row_number, {columns} where {sound} "
        "and _row_number not in (select _row_number from key_repeats)), "
        f"earlier as (select {columns} where _occurred_on between date '{first}' and date '{last}' "
        f"and _delivery_id in ({listed}) and not _is_quarantined and not _is_repeat) "
        f"select new._row_number, new.content <> earlier.content from new join earlier using ({', '.join(names)}, _occurred_on)"
    )
