"""Decisions on entities, and the answers of the second person. Rows are added, never changed (triggers in migrations/).

Belongs here: the tables. Does not: which decision needs what (console/decisions).
"""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from console.store.base import Base, Moment


class Decision(Base):
    """One decision of one person on one entity, or on one of its controls. Agents stand here as pseudonyms."""

    __tablename__ = "decisions"
    __table_args__ = (
        CheckConstraint("kind in ('acknowledged', 'planned', 'acted', 'waived', 'dismissed', 'escalated')", name="kind"),
        CheckConstraint("entity_kind in ('process', 'agent')", name="entity_kind"),
    )

    decision_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    entity_kind: Mapped[str] = mapped_column(String(10))
    entity_id: Mapped[str] = mapped_column(String(200), index=True)
    # Null: the entity as a whole.
    control_id: Mapped[str | None] = mapped_column(String(20))
    kind: Mapped[str] = mapped_column(String(20))
    decided_by: Mapped[str] = mapped_column(String(120))
    decided_at: Mapped[datetime] = mapped_column(Moment(), index=True)
    # The list it was taken on, and the place in it; null for what was not in the ranking.
    as_of_on: Mapped[date]
    rank: Mapped[int | None]
    is_listed: Mapped[bool]
    owner: Mapped[str | None] = mapped_column(String(200))
    due_on: Mapped[date | None]
    expires_on: Mapped[date | None]
    action_kind: Mapped[str | None] = mapped_column(String(40))
    reason_code: Mapped[str | None] = mapped_column(String(40))
    note: Mapped[str | None] = mapped_column(Text())
    # The planned action that this decision reports as done.
    closes_id: Mapped[str | None] = mapped_column(ForeignKey("decisions.decision_id"))


class Answer(Base):
    """The second person's yes or no to a waiver."""

    __tablename__ = "decision_answers"

    decision_id: Mapped[str] = mapped_column(ForeignKey("decisions.decision_id"), primary_key=True)
    answered_by: Mapped[str] = mapped_column(String(120))
    answered_at: Mapped[datetime] = mapped_column(Moment(), index=True)
    is_yes: Mapped[bool]
    note: Mapped[str | None] = mapped_column(Text())
