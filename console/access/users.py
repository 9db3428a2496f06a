"""Users: adding, changing, disabling, and who is left. Every change is in the audit log and ends the user's sessions.

Belongs here: what an admin does, on the page or the command line. Does not: passwords, which only the user chooses (links.py).
"""

import re
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from console.access import audit_log, sessions
from console.access.access import Access
from console.access.roles import Role
from console.store.users import User
from preaudit.errors import PreauditError

NAME = re.compile(r"[a-z0-9][a-z0-9._@+-]{1,99}")


@dataclass(frozen=True)
class Grant:
    """What an admin gives a user.

    Args:
        role: one role.
        clients: client ids; None = all.
        sites: sites; None = all.
        period_first_on: first day an auditor may see; None = open.
        period_last_on: last day an auditor may see; None = open.
    """

    role: Role
    clients: frozenset[str] | None = None
    sites: frozenset[str] | None = None
    period_first_on: date | None = None
    period_last_on: date | None = None

    def check(self) -> None:
        """Refuse an auditor without a period.

        Raises:
            PreauditError: the auditor's period is missing or ends before it begins.
        """
        first, last = self.period_first_on, self.period_last_on
        if self.role is Role.AUDITOR and (first is None or last is None or last < first):
            raise PreauditError("An auditor sees one period: give its first and its last day.")


def clean_name(name: str) -> str:
    """The name in lower case.

    Raises:
        PreauditError: it has other characters than letters, digits and . _ @ + -, or fewer than two.
    """
    name = name.strip().lower()
    if not NAME.fullmatch(name):
        raise PreauditError("A user name has 2 to 100 letters, digits and . _ @ + -, and begins with a letter or digit.")
    return name


def users(access: Access) -> list[User]:
    """Every user, by name."""
    with access.store.reading() as db:
        return list(db.scalars(select(User).order_by(User.name)))


def add(db: Session, access: Access, actor: str, name: str, grant: Grant) -> User:
    """Add a user who has no password yet.

    Raises:
        PreauditError: the name is taken or refused, or the grant is.
    """
    name = clean_name(name)
    grant.check()
    if db.scalars(select(User).where(User.name == name)).first() is not None:
        raise PreauditError(f"There is a user {name} already.")
    user = User(name=name, is_active=True, created_at=access.clock())
    _apply(user, grant)
    db.add(user)
    db.flush()
    audit_log.append(db, access.clock(), actor, "user_added", name, **_told(grant))
    return user


def change(db: Session, access: Access, actor: str, name: str, grant: Grant, *, is_active: bool) -> User:
    """Give a user another grant, disable or enable them; their sessions end.

    Raises:
        PreauditError: there is no such user, the grant is refused, or nobody could manage users any more.
    """
    user = find(db, name)
    grant.check()
    _apply(user, grant)
    user.is_active = is_active
    sessions.end_all(db, user.user_id)
    db.flush()
    admins = select(func.count()).select_from(User).where(User.role == Role.ADMIN, User.is_active)
    if not db.scalar(admins):
        raise PreauditError("This is the last active admin.", remedy="Make somebody else an admin first.")
    audit_log.append(db, access.clock(), actor, "user_changed", user.name, is_active=is_active, **_told(grant))
    return user


def find(db: Session, name: str) -> User:
    """The user of that name.

    Raises:
        PreauditError: there is none.
    """
    user = db.scalars(select(User).where(User.name == name.strip().lower())).first()
    if user is None:
        raise PreauditError(f"There is no user {name}.", remedy="`preaudit console users list` names them.")
    return user


def grant_of(user: User) -> Grant:
    """What the user has now."""
    return Grant(Role(user.role), user.clients, user.sites, user.period_first_on, user.period_last_on)


def _apply(user: User, grant: Grant) -> None:
    user.role, user.clients, user.sites = grant.role, grant.clients, grant.sites
    user.period_first_on, user.period_last_on = grant.period_first_on, grant.period_last_on


def _told(grant: Grant) -> dict[str, object]:
    told: dict[str, object] = {
        "role": grant.role.value,
        "clients": None if grant.clients is None else sorted(grant.clients),
        "sites": None if grant.sites is None else sorted(grant.sites),
    }
    if grant.role is Role.AUDITOR:
        told |= {"period_first_on": str(grant.period_first_on), "period_last_on": str(grant.period_last_on)}
    return told
