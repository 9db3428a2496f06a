"""A landing folder and a warehouse of one test."""

import os
import time
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from preaudit import ingestion
from preaudit.ingestion import DeliveryOutcome
from preaudit.settings import Settings
from preaudit.warehouse import reading, writing

DAY = date(2026, 1, 5)
WORKERS = "worker_id,employment_status,job_role,hire_date\n"


@dataclass
class World:
    """One landing folder with its warehouse; every load asserts that no row was lost."""

    settings: Settings

    def deliver(self, folder: str, name: str, content: str | bytes, *, source: str = "canonical", age: float = 60) -> Path:
        """Write a file into a delivery folder, written `age` seconds ago."""
        path = self.settings.landing / source / folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        written = time.time() - age
        os.utime(path, (written, written))
        return path

    def load(
        self, feed: str = "workers", *, through: date = DAY, run_from: date | None = None, source: str = "canonical"
    ) -> list[DeliveryOutcome]:
        """Ingest everything that is pending for a feed."""
        outcomes = ingestion.ingest(self.settings, source, feed, through, run_from or through)
        for outcome in outcomes:
            assert outcome.rows_delivered == outcome.rows_accepted + outcome.rows_quarantined + outcome.rows_refused
        return outcomes

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """The result of a query on the warehouse."""
        with reading(self.settings) as con:
            con.execute("set TimeZone = 'UTC'")
            return con.execute(query).fetchall()

    def write(self, statement: str) -> None:
        """Change the warehouse."""
        with writing(self.settings) as con:
            con.execute(statement)

    def quarantine(self) -> list[tuple[Any, ...]]:
        """Row number, rule, column and value of every broken rule."""
        return self.rows("select row_number, rule_code, column_name, value from ops.quarantine order by all")
