"""Reveals: who asked for an agent's true id and why, and what the second person said. True ids are not kept here.

Belongs here: the table. Does not: who may ask and answer (console/reveals).
"""

from datetime import datetime

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from console.store.base import Base, Moment


class Reveal(Base):
    """One request for one pseudonym; readable by who asked, from the yes to `expires_at`."""

    __tablename__ = "reveals"

    reveal_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    pseudonym: Mapped[str] = mapped_column(String(40), index=True)
    requested_by: Mapped[str] = mapped_column(String(120))
    requested_at: Mapped[datetime] = mapped_column(Moment())
    reason: Mapped[str] = mapped_column(Text())
    answered_by: Mapped[str | None] = mapped_column(String(120))
    answered_at: Mapped[datetime | None] = mapped_column(Moment())
    is_agreed: Mapped[bool | None]
    answer_note: Mapped[str | None] = mapped_column(Text())
    expires_at: Mapped[datetime | None] = mapped_column(Moment())
