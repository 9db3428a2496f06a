"""Sessions: kept on the server, named by an opaque cookie, ended by idleness, by age, by log-out and by a new password.

Belongs here: starting, finding and ending them. Does not: the cookie itself (console/web/cookies.py), checking a password.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from console.access.roles import GRANTS, Period, Person, Role, Scope
from console.access.secrets import digest, new_secret
from console.store.sessions import LogIn
from console.store.users import User

SEEN_STEP = timedelta(minutes=1)  # a request within a minute of the last one writes nothing


@dataclass(frozen=True)
class Lifetime:
    """How long a session lasts: without a request, and in all."""

    idle: timedelta
    absolute: timedelta


def start(db: Session, user: User, now: datetime, lifetime: Lifetime) -> str:
    """Begin a session of the user; returns the cookie's secret, which is kept nowhere."""
    secret = new_secret()
    db.execute(delete(LogIn).where(LogIn.expires_at <= now))
    db.add(
        LogIn(
            secret_sha256=digest(secret),
            user_id=user.user_id,
            csrf=new_secret(),
            started_at=now,
            last_seen_at=now,
            expires_at=now + lifetime.absolute,
        )
    )
    return secret


def find(db: Session, secret: str, now: datetime, lifetime: Lifetime) -> tuple[LogIn, User] | None:
    """The running session of that secret and its user; None where it ended or the user was disabled."""
    found = db.get(LogIn, digest(secret))
    if found is None or found.expires_at <= now or found.last_seen_at + lifetime.idle <= now:
        return None
    user = db.get(User, found.user_id)
    return (found, user) if user is not None and user.is_active else None


def is_due(session: LogIn, now: datetime) -> bool:
    """Whether this request should be noted as the session's last one."""
    return now - session.last_seen_at >= SEEN_STEP


def end(db: Session, secret: str) -> None:
    """End one session."""
    db.execute(delete(LogIn).where(LogIn.secret_sha256 == digest(secret)))


def end_all(db: Session, user_id: int) -> None:
    """End every session of a user."""
    db.execute(delete(LogIn).where(LogIn.user_id == user_id))


def person(user: User, csrf: str) -> Person:
    """The user as permissions see them."""
    role = Role(user.role)
    return Person(
        user_id=user.user_id,
        name=user.name,
        role=role,
        scope=Scope(user.clients, user.sites),
        period=Period(user.period_first_on, user.period_last_on),
        csrf=csrf,
        permissions=GRANTS[role],
    )
