"""API tokens: what a program may do and see, until it expires or is revoked.

Belongs here: making, checking, revoking. Does not: the header they come in (access.py), the admin's page.
"""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from console.access import audit_log
from console.access.access import Access
from console.access.roles import Permission, Scope
from console.access.secrets import digest, new_secret
from console.store.tokens import Token
from preaudit.errors import PreauditError

PREFIX = "preaudit_"  # secret scanners find a token by it
LONGEST_DAYS = 365
# What a program may be given: reading, and decisions. No program answers as the second person, reveals, or hands out access.
GRANTABLE = frozenset(
    {Permission.READ_RESULTS, Permission.READ_EVIDENCE, Permission.READ_DECISIONS, Permission.READ_AUDIT_LOG, Permission.DECIDE}
)


def make(access: Access, actor: str, name: str, permissions: frozenset[Permission], scope: Scope, days: int) -> str:
    """Make a token; returns its secret, which is shown once and kept nowhere.

    Raises:
        PreauditError: the name is taken or empty, a permission is not for programs, or it would last too long.
    """
    name, now = name.strip(), access.clock()
    if not name or len(name) > 100:
        raise PreauditError("A token needs a name of up to 100 characters.")
    if not permissions or not permissions <= GRANTABLE:
        raise PreauditError("A token needs permissions, and only those that programs may have.")
    if not 1 <= days <= LONGEST_DAYS:
        raise PreauditError(f"A token lasts from 1 to {LONGEST_DAYS} days.")
    secret = PREFIX + new_secret()
    with access.store.writing() as db:
        if db.scalars(select(Token).where(Token.name == name)).first() is not None:
            raise PreauditError(
                f"There is a token {name} already.", remedy="Names are not used again: the audit log speaks of them."
            )
        db.add(
            Token(
                name=name,
                secret_sha256=digest(secret),
                permissions=frozenset(permission.value for permission in permissions),
                clients=scope.clients,
                sites=scope.sites,
                made_by=actor,
                made_at=now,
                expires_at=now + timedelta(days=days),
            )
        )
        told = sorted(permission.value for permission in permissions)
        audit_log.append(db, now, actor, "token_made", name, permissions=told, days=days)
    return secret


def find(db: Session, secret: str, now: datetime) -> Token | None:
    """The token of that secret; None where it is unknown, expired or revoked."""
    token = db.scalars(select(Token).where(Token.secret_sha256 == digest(secret))).first()
    return token if token is not None and token.revoked_at is None and now < token.expires_at else None


def revoke(access: Access, actor: str, token_id: int) -> None:
    """End a token now.

    Raises:
        PreauditError: there is no such token, or it is revoked already.
    """
    now = access.clock()
    with access.store.writing() as db:
        token = db.get(Token, token_id)
        if token is None or token.revoked_at is not None:
            raise PreauditError("There is no such token, or it is revoked already.")
        token.revoked_at = now
        audit_log.append(db, now, actor, "token_revoked", token.name)


def tokens(access: Access) -> list[Token]:
    """Every token, newest first."""
    with access.store.reading() as db:
        return list(db.scalars(select(Token).order_by(Token.made_at.desc(), Token.token_id.desc())))
