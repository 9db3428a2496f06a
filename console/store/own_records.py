"""A worker's own record: the links by which one is opened, and what a worker contests in it.

Belongs here: the tables. Workers stand here as pseudonyms; the secret of a link is kept nowhere. Does not: signing and checking
(console/own_records).
"""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from console.store.base import Base, Moment


class RecordLink(Base):
    """One link to the record of one agent."""

    __tablename__ = "own_record_links"

    link_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    pseudonym: Mapped[str] = mapped_column(String(40), index=True)
    issued_by: Mapped[str] = mapped_column(String(120))
    issued_at: Mapped[datetime] = mapped_column(Moment())
    expires_at: Mapped[datetime] = mapped_column(Moment())
    revoked_at: Mapped[datetime | None] = mapped_column(Moment())
    opened_at: Mapped[datetime | None] = mapped_column(Moment())


class Contest(Base):
    """One thing that a worker says is wrong, and the answer to it."""

    __tablename__ = "contests"

    contest_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    link_id: Mapped[str] = mapped_column(ForeignKey("own_record_links.link_id"))
    pseudonym: Mapped[str] = mapped_column(String(40), index=True)
    # Null: the record as a whole.
    control_id: Mapped[str | None] = mapped_column(String(20))
    statement: Mapped[str] = mapped_column(Text())
    made_at: Mapped[datetime] = mapped_column(Moment(), index=True)
    outcome: Mapped[str | None] = mapped_column(String(20))
    answer: Mapped[str | None] = mapped_column(Text())
    answered_by: Mapped[str | None] = mapped_column(String(120))
    answered_at: Mapped[datetime | None] = mapped_column(Moment())
