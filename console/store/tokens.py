"""API tokens: what programs log in with. The secret is shown once; this keeps its SHA-256.

Belongs here: the table. Does not: checking one (console/access/tokens.py).
"""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from console.store.base import Base, Moment, Names


class Token(Base):
    """One token with what it may do and see. Tokens are revoked, never deleted: the audit log speaks of them."""

    __tablename__ = "tokens"

    token_id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(100), unique=True)
    secret_sha256: Mapped[str] = mapped_column(String(64), unique=True)
    permissions: Mapped[frozenset[str]] = mapped_column(Names())
    clients: Mapped[frozenset[str] | None] = mapped_column(Names())
    sites: Mapped[frozenset[str] | None] = mapped_column(Names())
    made_by: Mapped[str] = mapped_column(String(120))
    made_at: Mapped[datetime] = mapped_column(Moment())
    expires_at: Mapped[datetime] = mapped_column(Moment())
    revoked_at: Mapped[datetime | None] = mapped_column(Moment())
    last_used_at: Mapped[datetime | None] = mapped_column(Moment())
