"""What all exports say alike: identifiers, times, and the frameworks' names.

Belongs here: how an identifier is made from a name, so that the same snapshot gives the same bytes. Does not: any format.
"""

import uuid
from datetime import UTC, datetime, time, timedelta

from preaudit.snapshot_files import Snapshot

# Drawn once. Every identifier of ours is derived from it, by RFC 9562 version 5: a name of its own, and no address of anybody.
NAMESPACE = uuid.UUID("3d6c1b52-8f7e-4f0b-9a35-6f5f2c1f4b7a")
FRAMEWORKS = {
    "soc2": "SOC 2",
    "iso27001": "ISO/IEC 27001:2022",
    "nist80053": "NIST SP 800-53 Rev. 5",
    "pci": "PCI DSS 4.0.1",
    "hipaa": "HIPAA Security Rule",
}


def identifier(*names: str) -> str:
    """The identifier of what these names mean together: 'finding', 'JML-01', 'agent', 'A-...'."""
    return str(uuid.uuid5(NAMESPACE, "\n".join(names)))


def day_begins(snapshot: Snapshot) -> datetime:
    """Midnight, UTC, before the as-of day."""
    return datetime.combine(snapshot.as_of_on, time(), UTC)


def day_ends(snapshot: Snapshot) -> datetime:
    """Midnight, UTC, after the as-of day: results speak of the day as it was known then."""
    return day_begins(snapshot) + timedelta(days=1)


def published_at(snapshot: Snapshot) -> datetime:
    """When this version was published; publishing the same content again keeps it."""
    return datetime.fromisoformat(snapshot.manifest["published_at"])


def line(text: str | None) -> str:
    """The text in one line without outer spaces, which OSCAL asks of a string; 'none on record' where there is none."""
    return " ".join((text or "").split()) or "none on record"
