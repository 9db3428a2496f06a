"""Puts the planted violations into the raw tables of a copy of the warehouse, as one more day of deliveries.

Belongs here: collecting the plants, and writing rows as ingestion would have. Does not: the copy, or what the controls made of it
(runner.py). The gate is left out on purpose: a handful of rows would be refused as a suspiciously small delivery.
"""

import importlib
import pkgutil
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime

import duckdb

from expectations import contract
from expectations.columns import Feed
from expectations.sql import literal, quote
from preaudit import selftest
from preaudit.ingestion import raw
from preaudit.ingestion.reading import Readable
from preaudit.selftest.plant import Planted, Row

SOURCE = "canonical"


def planters() -> dict[str, Callable[[date], Planted]]:
    """The planting function of each control, from all modules plants_*.py."""
    found: dict[str, Callable[[date], Planted]] = {}
    for module in pkgutil.iter_modules(selftest.__path__):
        if module.name.startswith("plants_"):
            found |= importlib.import_module(f"{selftest.__name__}.{module.name}").PLANTS
    return found


def known_feeds(con: duckdb.DuckDBPyConnection, day: date) -> frozenset[str]:
    """Feeds accepted at least once by a day that was run: one missing delivery does not make a control untestable."""
    rows = con.execute(
        "select feed from intermediate.int_feeds__status where on_date = ? and last_known_on is not null", [day]
    ).fetchall()
    return frozenset(feed for (feed,) in rows)


def plant(con: duckdb.DuckDBPyConnection, planted: Iterable[Planted], feeds: frozenset[str], day: date, time_zone: str) -> None:
    """Add the rows of `feeds` as deliveries that became known on `day`.

    A whole list comes again with the planted rows at its end: a list with nothing else would take everybody else out. A feed
    without a planted row is delivered too, because a control needs it to be fresh.
    """
    rows: dict[str, list[Row]] = {}
    for violation in planted:
        for row in violation.rows:
            rows.setdefault(row.feed, []).append(row)
    con.execute("set TimeZone = ?", [time_zone])
    raw.create_raw_tables(con)
    con.begin()
    for feed in contract.feeds(SOURCE):
        if feed.name in feeds:
            _deliver(con, feed, rows.get(feed.name, []), day)
    con.commit()


def _deliver(con: duckdb.DuckDBPyConnection, feed: Feed, rows: list[Row], day: date) -> None:
    names = tuple(column.name for column in feed.columns if column.name != "snapshot_on")
    (delivery,) = con.execute("select coalesce(max(delivery_id), 0) + 1 from ops.deliveries").fetchall()[0]
    file = f"{SOURCE}/selftest/{feed.name}.csv"
    listed = [tuple(row.values.get(name) for name in names) for row in rows]
    con.execute("create or replace temp table planted (" + ", ".join(f"{quote(name)} varchar" for name in names) + ")")
    if listed:
        con.executemany(f"insert into planted values ({', '.join('?' for _ in names)})", listed)
    if feed.kind == "S":
        con.execute(f"insert into planted {_last_list(con, feed, names)}")
    cells = ", ".join(f"{quote(name)} as c{index}" for index, name in enumerate(names))
    readable = Readable(names, f"select row_number() over () as row_number, {cells} from planted")
    count = raw.insert_rows(con, feed, readable, delivery, file, day)
    con.execute(
        "insert into ops.deliveries by name select ? as delivery_id, ? as source, ? as feed, 'selftest' as folder, ? as file, "
        "'' as file_sha256, 0 as file_bytes, 'accepted' as status, ? as rows_delivered, ? as rows_accepted, "
        "0 as rows_quarantined, 0 as rows_refused, 0 as rows_repeated, ?::date as delivered_on, ?::date as known_on, "
        "?::date as first_known_on, ?::date as last_known_on, ? as loaded_at",
        [delivery, SOURCE, feed.name, file, count, count, *(4 * [day]), datetime.now(UTC).replace(tzinfo=None)],
    )


def _last_list(con: duckdb.DuckDBPyConnection, feed: Feed, names: tuple[str, ...]) -> str:
    """Select: the rows of the last list of a feed that counts."""
    table, columns = raw.table_name(feed), ", ".join(quote(name) for name in names)
    found = con.execute(
        f"select _delivery_id, snapshot_on from {table} inner join ops.deliveries on _delivery_id = delivery_id "
        "where superseded_on is null and not _is_quarantined "
        "order by _known_on desc, coalesce(snapshot_on, cast(delivered_on as varchar)) desc, _delivery_id desc limit 1"
    ).fetchall()
    if not found:
        return f"select {columns} from {table} where false"
    delivery, snapshot_on = found[0]
    is_listed = f"snapshot_on = {literal(snapshot_on)}" if snapshot_on else "snapshot_on is null"
    is_good = f"_delivery_id = {delivery} and not _is_quarantined and not _is_repeat"
    return f"select {columns} from {table} where {is_good} and {is_listed}"
