"""A warehouse with a handful of raw rows, and the real dbt run on it.

Belongs here: raw tables as ingestion leaves them, deliveries, one way to start dbt. Does not: expectations of any model.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from preaudit.ingestion.raw import create_raw_tables
from preaudit.settings import REPOSITORY

DDL = REPOSITORY / "preaudit" / "warehouse.sql"
PROJECT = REPOSITORY / "dbt_project"
# What dbt parsed in an earlier test: it reads again only files that changed since.
PARSED = PROJECT / "target" / "partial_parse.msgpack"


# Of the profile; the same as the program parses with (orchestration/dbt.py), because dbt parses all files again for other values.
PARSED_WITH = {
    "PREAUDIT_WAREHOUSE": "warehouse.duckdb",
    "PREAUDIT_THREADS": "2",
    "PREAUDIT_MEMORY_LIMIT": "6GB",
    "PREAUDIT_SPILL": "spill",
}


@dataclass
class ScratchWarehouse:
    """A DuckDB file in a test's own folder; connections are short because dbt is another process."""

    folder: Path

    def __post_init__(self) -> None:
        self.path = self.folder / PARSED_WITH["PREAUDIT_WAREHOUSE"]
        with duckdb.connect(str(self.path)) as connection:
            connection.execute(DDL.read_text(encoding="utf-8"))
            create_raw_tables(connection)
        self._deliveries = 0

    def deliver(
        self,
        feed: str,
        known_on: str | None,
        rows: Sequence[Mapping[str, Any]],
        *,
        source: str = "canonical",
        folder: str | None = None,
        status: str = "accepted",
        replaces: int | None = None,
    ) -> int:
        """Load one file: every row known on `known_on`, or (history) on the row's own `known_on` value.

        Args:
            folder: day of the folder where it differs from `known_on` (a late file).
            replaces: delivery that this one corrects; it is superseded on `known_on`.
        """
        self._deliveries += 1
        delivery = self._deliveries
        folder = folder or known_on or "history"
        delivered_on = None if folder == "history" else folder
        days = sorted(str(row.get("known_on", known_on)) for row in rows) or [known_on]
        with duckdb.connect(str(self.path)) as connection:
            connection.execute(
                "insert into ops.deliveries by name select ? as delivery_id, ? as source, ? as feed, ? as folder, "
                "?::date as delivered_on, ? as file, md5(?::varchar) as file_sha256, 1 as file_bytes, ? as status, "
                "'the columns are wrong' as refusal_reason, "
                "0 as rows_delivered, 0 as rows_accepted, 0 as rows_quarantined, 0 as rows_refused, 0 as rows_repeated, "
                "?::date as known_on, ?::date as first_known_on, ?::date as last_known_on, now()::timestamp as loaded_at",
                [delivery, source, feed, folder, delivered_on, f"{feed}.csv", delivery, status, known_on, days[0], days[-1]],
            )
            if replaces is not None:
                connection.execute(
                    "update ops.deliveries set superseded_on = ?, superseded_by = ? where delivery_id = ?",
                    [known_on, delivery, replaces],
                )
            for number, row in enumerate(rows if status == "accepted" else [], start=1):
                day = row.get("known_on", known_on)
                stamped = {
                    "_delivery_id": delivery,
                    "_file": f"{source}/{folder}/{feed}.csv",
                    "_row_number": number,
                    "_known_at": day,
                    "_known_on": day,
                    "_occurred_on": str(row.get("occurred_at", day))[:10],
                    "_is_quarantined": False,
                    "_is_repeat": False,
                    **{name: value for name, value in row.items() if name != "known_on"},
                }
                names = ", ".join(f'"{name}"' for name in stamped)
                marks = ", ".join("?" for _ in stamped)
                connection.execute(f"insert into raw.{source}__{feed} ({names}) values ({marks})", list(stamped.values()))
        return delivery

    def build(self, select: str, first: str, last: str, *, breaks_off: bool = False, **values: Any) -> None:
        """Run `dbt build` of the selected models for the as-of dates first to last, and note the run as ended.

        Args:
            breaks_off: the run ends after these models, so it is never noted.

        Raises:
            AssertionError: dbt failed; the message is its output.
        """
        values |= {"min_date": first, "max_date": last}
        words = {name: ",".join(value) if isinstance(value, list) else str(value) for name, value in values.items()}
        self.dbt(
            *("build", "--select", *select.split(), "--exclude-resource-type", "unit_test"),
            **{f"PREAUDIT_RUN_{name.upper()}": word for name, word in words.items()},
        )
        if not breaks_off:
            self.note_run(first, last)

    def dbt(self, *arguments: str, **environment: str) -> None:
        """Run dbt on this warehouse.

        Raises:
            AssertionError: dbt failed; the message is its output.
        """
        target = self.folder / "target"
        target.mkdir(exist_ok=True)
        if PARSED.exists():
            shutil.copy(PARSED, target)
        done = subprocess.run(
            [
                *(str(Path(sys.executable).with_name("dbt")), "--no-use-colors", "--quiet", *arguments),
                *("--project-dir", str(PROJECT), "--profiles-dir", str(PROJECT), "--log-level-file", "none"),
                *("--target-path", str(target), "--log-path", str(self.folder / "logs")),
            ],
            env={**os.environ, **PARSED_WITH, "DO_NOT_TRACK": "1", **environment},
            cwd=self.folder,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
        PARSED.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(target / PARSED.name, PARSED.with_suffix(f".{os.getpid()}")).replace(PARSED)

    def note_run(self, first: str, last: str) -> None:
        """Note a run of these as-of dates as ended."""
        with duckdb.connect(str(self.path)) as connection:
            connection.execute(
                "insert into ops.runs values ('r', 'daily', ?, ?, 'test', now()::timestamp, now()::timestamp)", [first, last]
            )

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """Rows of a query, dates and times as ISO text so that a test reads like its data."""
        with duckdb.connect(str(self.path), read_only=True) as connection:
            return [
                tuple(value.isoformat() if hasattr(value, "isoformat") else value for value in row)
                for row in connection.execute(sql).fetchall()
            ]


def items_of(world: ScratchWarehouse, control: str, entity: str, key: str = "%") -> list[tuple[Any, ...]]:
    """Day of the month, verdict and reason of the tested items of an entity."""
    sql = (
        f"select right(tested_on::varchar, 2), is_exception, reason from controls.ctl_{control.lower().replace('-', '_')}"
        f" where entity_id = '{entity}' and item_key like '{key}' order by tested_on, item_key"
    )
    return world.rows(sql)
