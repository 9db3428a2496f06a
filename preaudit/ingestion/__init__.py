"""From files in the landing folder to raw tables, every row accounted for.

Belongs here: finding, reading, stamping, recording deliveries. Does not: the feed contract and its rules (expectations/),
transformations (dbt_project/). docs/runbook.md says what to do when a delivery is refused.
"""

from preaudit.ingestion.discovery import DeliveryFile, UnclaimedFile, unclaimed
from preaudit.ingestion.load import Refusal, ingest, pending, standing_refusals
from preaudit.ingestion.outcome import DeliveryOutcome

__all__ = ["DeliveryFile", "DeliveryOutcome", "Refusal", "UnclaimedFile", "ingest", "pending", "standing_refusals", "unclaimed"]
