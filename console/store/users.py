"""Users: who may log in, as what, and what part of the company they see.

Belongs here: the table. Does not: passwords and log-in (console/access).
"""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from console.store.base import Base, Moment, Names


class User(Base):
    """One person. Users are disabled, never deleted: the audit log speaks of them."""

    __tablename__ = "users"
    __table_args__ = (
        CheckConstraint("role in ('viewer', 'operations', 'privacy_officer', 'auditor', 'admin')", name="role"),
        CheckConstraint("name = lower(name)", name="name"),
    )

    user_id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(100), unique=True)
    role: Mapped[str] = mapped_column(String(20))
    # Null: all clients, all sites.
    clients: Mapped[frozenset[str] | None] = mapped_column(Names())
    sites: Mapped[frozenset[str] | None] = mapped_column(Names())
    period_first_on: Mapped[date | None]
    period_last_on: Mapped[date | None]
    # Null until the person has chosen one, and for people who log in by OpenID Connect.
    password_hash: Mapped[str | None] = mapped_column(String(200))
    subject: Mapped[str | None] = mapped_column(String(500), unique=True)
    is_active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime] = mapped_column(Moment())
