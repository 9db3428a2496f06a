"""What became of one delivery, as the run reports it.

Belongs here: the counts and what a person still has to do. Does not: writing anything down (ledger.py).
"""

from dataclasses import dataclass
from datetime import date

from preaudit.ingestion.discovery import HISTORY


@dataclass(frozen=True)
class DeliveryOutcome:
    """The end of one delivery; rows_delivered = rows_accepted + rows_quarantined + rows_refused."""

    delivery_id: int
    source: str
    feed: str
    folder: str
    file: str
    status: str
    refusal_rule: str | None
    refusal_reason: str | None
    rows_delivered: int
    rows_accepted: int
    rows_quarantined: int
    rows_refused: int
    rows_repeated: int
    known_on: date | None
    first_known_on: date | None
    last_known_on: date | None
    superseded: int | None
    unknown_columns: tuple[str, ...]
    dropped_columns: tuple[str, ...]

    @property
    def warning(self) -> str | None:
        """What a person has to do after an accepted delivery; None where the next run does all."""
        if self.superseded is None or self.folder != HISTORY:
            return None
        return (
            "a corrected history was loaded, but days that were built before still hold the old one. Rebuild them: "
            "preaudit run --from <first day> --to <last day> --full-refresh"
        )
