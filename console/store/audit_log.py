"""The audit log: one row per thing that somebody did, chained by hashes.

Belongs here: the table. Triggers refuse to change or delete a row (migrations/). Does not: appending and verifying
(console/access/audit_log.py).
"""

from datetime import datetime

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from console.store.base import Base, Moment


class Entry(Base):
    """One row; `sequence` counts from 1 without a gap, `sha256` covers the row and the row before."""

    __tablename__ = "audit_log"

    sequence: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(Moment(), index=True)
    actor: Mapped[str] = mapped_column(String(120))
    action: Mapped[str] = mapped_column(String(40))
    subject: Mapped[str] = mapped_column(String(200))
    # JSON object with sorted keys.
    detail: Mapped[str] = mapped_column(Text())
    previous_sha256: Mapped[str] = mapped_column(String(64))
    sha256: Mapped[str] = mapped_column(String(64))
