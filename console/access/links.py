"""One-time links: the first admin's, and the one by which every user chooses a password. There is no default password.

Belongs here: making and using them. Does not: printing (console/web_commands.py), the page (console/web/pages/start.py).
"""

from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from console.access import audit_log, passwords, sessions
from console.access.access import Access
from console.access.roles import Role
from console.access.secrets import digest, new_secret
from console.access.users import clean_name
from console.store.sessions import Link
from console.store.users import User
from preaudit.errors import PreauditError

FIRST_HOURS = 1  # the person who started the console sits in front of it
USER_HOURS = 72  # handed to a colleague, who may be away for a weekend


class LinkRefused(PreauditError):
    """The link is unknown, used or too old; the message does not say which."""

    status = 404

    def __init__(self) -> None:
        super().__init__(
            "This link is not valid: it was used, it is too old, or it was replaced by a newer one.",
            remedy="Ask an admin for a new one, or run `preaudit console users reset NAME` on the server.",
        )


def first_link(access: Access) -> str | None:
    """A fresh link that makes the first admin; None where there is an active admin. Older first links end."""
    now = access.clock()
    with access.store.writing() as db:
        if _has_admin(db):
            return None
        db.execute(delete(Link).where(Link.user_id.is_(None), Link.used_at.is_(None)))
        audit_log.append(db, now, "server", "first_link_made")
        return make_link(db, None, now, FIRST_HOURS)


def make_link(db: Session, user_id: int | None, now: datetime, hours: int = USER_HOURS) -> str:
    """The secret of a new link; the user's older links end."""
    if user_id is not None:
        db.execute(delete(Link).where(Link.user_id == user_id, Link.used_at.is_(None)))
    secret = new_secret()
    db.add(Link(secret_sha256=digest(secret), user_id=user_id, made_at=now, expires_at=now + timedelta(hours=hours)))
    return secret


def name_of(access: Access, secret: str) -> str:
    """Whose link it is; empty for the first admin's.

    Raises:
        LinkRefused: it cannot be used.
    """
    with access.store.reading() as db:
        link = _valid(db, secret, access.clock())
        user = db.get(User, link.user_id) if link.user_id else None
        return user.name if user else ""


def use_link(access: Access, secret: str, name: str, password: str) -> str:
    """Set the password, end the user's sessions and begin a new one; returns the cookie's secret.

    Raises:
        LinkRefused: the link cannot be used.
        PreauditError: the name or the password is refused; the link can be used again.
    """
    now = access.clock()
    with access.store.writing() as db:
        link = _valid(db, secret, now)
        user = db.get(User, link.user_id) if link.user_id else _first_admin(db, name, now)
        if user is None or not user.is_active:
            raise LinkRefused
        user.password_hash = passwords.hashed(password, user.name)
        link.used_at = now
        db.execute(update(Link).where(Link.user_id == user.user_id, Link.used_at.is_(None)).values(used_at=now))
        sessions.end_all(db, user.user_id)
        audit_log.append(db, now, user.name, "password_chosen")
        return sessions.start(db, user, now, access.lifetime)


def _first_admin(db: Session, name: str, now: datetime) -> User:
    if _has_admin(db):
        raise LinkRefused
    name = clean_name(name)
    if db.scalars(select(User).where(User.name == name)).first() is not None:
        raise PreauditError(f"There is a user {name} already.")
    user = User(name=name, role=Role.ADMIN, is_active=True, created_at=now)
    db.add(user)
    db.flush()
    audit_log.append(db, now, "server", "user_added", name, role=Role.ADMIN)
    return user


def _has_admin(db: Session) -> bool:
    ready = select(User.user_id).where(User.role == Role.ADMIN, User.is_active, User.password_hash.is_not(None))
    return db.scalars(ready.limit(1)).first() is not None


def _valid(db: Session, secret: str, now: datetime) -> Link:
    link = db.get(Link, digest(secret))
    if link is None or link.used_at is not None or link.expires_at <= now:
        raise LinkRefused
    return link
