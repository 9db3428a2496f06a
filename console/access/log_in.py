"""Log-in by name and password, and the limit on attempts.

Belongs here: both. Does not: sessions (sessions.py), one-time links (links.py), OpenID Connect (oidc.py).
"""

from datetime import datetime, timedelta

from sqlalchemy import delete, func, select, text
from sqlalchemy.orm import Session

from console.access import audit_log, passwords, sessions
from console.access.access import Access
from console.store.sessions import FailedLogIn
from console.store.users import User
from preaudit.errors import PreauditError

WINDOW = timedelta(minutes=15)
# Five wrong passwords for one name from one address; fifty for one name from anywhere, twenty from one address for any name: high
# enough that a stranger cannot lock a colleague out from his own desk, low enough that guessing is hopeless.
LIMITS = (("both", 5), ("name", 50), ("address", 20))


class TooManyAttempts(PreauditError):
    """The limit is reached; nothing was checked."""

    status = 429


class WrongPassword(PreauditError):
    """Name or password is wrong, or the user is disabled; the message does not say which."""

    status = 403


def log_in(access: Access, name: str, password: str, address: str) -> str:
    """Begin a session; returns the cookie's secret.

    Raises:
        TooManyAttempts: too many failed before.
        WrongPassword: this one failed.
    """
    user = confirm(access, name, password, address)
    with access.store.writing() as db:
        audit_log.append(db, access.clock(), user.name, "logged_in", address=address)
        return sessions.start(db, user, access.clock(), access.lifetime)


def confirm(access: Access, name: str, password: str, address: str) -> User:
    """The user of that name, if the password is theirs.

    Raises:
        TooManyAttempts: too many failed before.
        WrongPassword: this one failed.
    """
    now, name = access.clock(), name.strip().lower()
    # Counted as failed before the password is looked at: guesses sent at the same time would all find the door open otherwise.
    with access.store.writing() as db:
        if not access.store.is_sqlite:
            db.execute(text("lock table failed_log_ins in exclusive mode"))
        _check_limit(db, name, address, now)
        counted = _count(db, name, address, now)
        user = db.scalars(select(User).where(User.name == name)).first()
    is_right = passwords.is_right(password, user.password_hash if user and user.is_active else None)
    with access.store.writing() as db:
        if user is not None and is_right:
            db.execute(delete(FailedLogIn).where(FailedLogIn.attempt_id.in_(counted)))
            db.execute(delete(FailedLogIn).where(FailedLogIn.counted_under == _key("both", name, address)))
            return user
        # What was typed may be a password in the wrong field: only known names are written down.
        audit_log.append(db, now, user.name if user else "unknown", "log_in_failed", address=address)
    raise WrongPassword("Name or password is wrong.")


def log_out(access: Access, secret: str, name: str) -> None:
    """End the session."""
    with access.store.writing() as db:
        sessions.end(db, secret)
        audit_log.append(db, access.clock(), name, "logged_out")


def _key(kind: str, name: str, address: str) -> str:
    return {"both": f"{name[:60]} {address}", "name": f"name {name[:60]}", "address": f"address {address}"}[kind][:120]


def _check_limit(db: Session, name: str, address: str, now: datetime) -> None:
    for kind, limit in LIMITS:
        counted = select(func.count(), func.min(FailedLogIn.failed_at)).where(
            FailedLogIn.counted_under == _key(kind, name, address), FailedLogIn.failed_at > now - WINDOW
        )
        count, first = db.execute(counted).one()
        if count >= limit:
            minutes = int((first + WINDOW - now).total_seconds() // 60) + 1
            raise TooManyAttempts("Too many failed attempts.", remedy=f"Wait {minutes} minutes and try again.")


def _count(db: Session, name: str, address: str, now: datetime) -> list[int]:
    db.execute(delete(FailedLogIn).where(FailedLogIn.failed_at <= now - WINDOW))
    made = [FailedLogIn(counted_under=_key(kind, name, address), failed_at=now) for kind, _ in LIMITS]
    db.add_all(made)
    db.flush()
    return [attempt.attempt_id for attempt in made]
