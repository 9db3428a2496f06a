"""A warehouse with a handful of raw rows, and the real dbt run on it.

Belongs here: raw tables as ingestion leaves them, deliveries, one way to start dbt. Does not: expectations of any model.
"""

import warnings
from collections.abc import Mapping, Sequence
from contextlib import redirect_stdout
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

import duckdb
import pytest

from orchestration.dbt import PROJECT_DIR
from orchestration.dbt_run import invoke
from preaudit.ingestion.raw import create_raw_tables
from preaudit.settings import REPOSITORY

DDL = REPOSITORY / "preaudit" / "warehouse.sql"


@dataclass
class ScratchWarehouse:
    """A DuckDB file in a test's own folder; connections are short because dbt opens the file with settings of its own."""

    folder: Path

    def __post_init__(self) -> None:
        self.path = self.folder / "warehouse.duckdb"
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
        """Run dbt on this warehouse, in this process as the program does.

        Raises:
            AssertionError: dbt failed; the message is what it said.
        """
        target = self.folder / "target"
        target.mkdir(exist_ok=True)
        values = {"PREAUDIT_WAREHOUSE": str(self.path), "PREAUDIT_SPILL": str(self.folder / "spill"), **environment}
        words = [*arguments, "--log-level-file", "none"]
        # dbt's own libraries warn of what is theirs to mend, and its messages would fill pytest's report.
        with pytest.MonkeyPatch.context() as patch, warnings.catch_warnings(), redirect_stdout(StringIO()):
            warnings.simplefilter("ignore")
            for name, value in values.items():
                patch.setenv(name, value)
            done = invoke(words, PROJECT_DIR, target)
        assert not done.errors, "\n".join(done.errors)[-8000:]

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
