"""Sessions, one-time links and failed log-ins: what a log-in leaves behind. Secrets are kept as SHA-256 only.

Belongs here: the tables. Does not: when they end (console/access).
"""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from console.store.base import Base, Moment


class LogIn(Base):
    """One session of one user; the cookie holds the secret, this row its digest."""

    __tablename__ = "sessions"

    secret_sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.user_id"), index=True)
    csrf: Mapped[str] = mapped_column(String(64))
    started_at: Mapped[datetime] = mapped_column(Moment())
    last_seen_at: Mapped[datetime] = mapped_column(Moment())
    expires_at: Mapped[datetime] = mapped_column(Moment())


class Link(Base):
    """A one-time link to choose a password; without a user it makes the first admin."""

    __tablename__ = "links"

    secret_sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.user_id"))
    made_at: Mapped[datetime] = mapped_column(Moment())
    expires_at: Mapped[datetime] = mapped_column(Moment())
    used_at: Mapped[datetime | None] = mapped_column(Moment())


class ProviderLogIn(Base):
    """A log-in by OpenID Connect that is on its way to the provider and back."""

    __tablename__ = "provider_log_ins"

    state_sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    nonce: Mapped[str] = mapped_column(String(64))
    verifier: Mapped[str] = mapped_column(String(128))
    next: Mapped[str] = mapped_column(String(2000))
    expires_at: Mapped[datetime] = mapped_column(Moment())


class FailedLogIn(Base):
    """One failed attempt, by what it is counted under: the name or the address it came from."""

    __tablename__ = "failed_log_ins"

    attempt_id: Mapped[int] = mapped_column(primary_key=True)
    counted_under: Mapped[str] = mapped_column(String(120), index=True)
    failed_at: Mapped[datetime] = mapped_column(Moment())
