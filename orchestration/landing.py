"""What waits in the landing folder, for the sensors and the command line.

Belongs here: which sources and days there are. Does not: reading a file (preaudit/ingestion/).
"""

import hashlib
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from preaudit.errors import PreauditError
from preaudit.settings import Settings


@dataclass(frozen=True)
class Waiting:
    """Settled files of one source that were not ingested; `last_day` is the day to run them for."""

    files: list[str]
    last_day: date
    fingerprint: str


def deliveries_through(settings: Settings, source: str) -> Waiting:
    """What waits in landing for one source, up to today."""
    from preaudit import ingestion

    today = datetime.now(UTC).date()
    pending = ingestion.pending(settings, source, today)
    days = [file.delivered_on for file in pending if file.delivered_on is not None]
    stamps = sorted(f"{path} {path.stat().st_mtime_ns}" for file in pending for path in file.paths)
    digest = hashlib.sha256("\n".join(stamps).encode()).hexdigest()
    return Waiting([file.file for file in pending], max(days, default=today), digest)


def sources_in(landing: Path) -> list[str]:
    """Sources that have a folder in landing.

    Raises:
        PreauditError: landing is missing or holds no known source.
    """
    from expectations import contract

    found = [source for source in contract.sources() if (landing / source).is_dir()]
    if not found:
        raise PreauditError(
            "No deliveries were found.",
            where=str(landing),
            remedy=f"Put files under <source>/<YYYY-MM-DD>/ there ({', '.join(contract.sources())}), or use --landing.",
        )
    return found
