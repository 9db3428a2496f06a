"""Who a request comes from.

Belongs here: the way from a cookie or a bearer token to a person, with the clock and lifetimes in force. Does not: log-in
(log_in.py), what a person may do (roles.py).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from fastapi import Request
from sqlalchemy import update

from console.access import sessions
from console.access.roles import Period, Permission, Person, Scope
from console.access.sessions import Lifetime
from console.store.database import Store
from console.store.sessions import LogIn
from console.store.tokens import Token
from preaudit.settings import Settings

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """The clock of a running console; tests give another one."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class Access:
    """The door, with what it needs to know.

    Args:
        store: where users and sessions are.
        settings: lifetimes, the console's address.
        clock: the time now, in UTC.
    """

    store: Store
    settings: Settings
    clock: Clock = utc_now

    @property
    def lifetime(self) -> Lifetime:
        return Lifetime(
            timedelta(minutes=self.settings.console_idle_minutes), timedelta(hours=self.settings.console_session_hours)
        )

    @property
    def is_secure(self) -> bool:
        return self.settings.console_address.startswith("https://")

    @property
    def cookie(self) -> str:
        # The prefix makes a browser refuse the cookie from plain http or another host.
        return "__Host-session" if self.is_secure else "session"

    def identify(self, request: Request) -> Person | None:
        """The person of this request, by token if one is sent, else by cookie; None where nobody is logged in."""
        if (authorization := request.headers.get("authorization")) is not None:
            return self._by_token(authorization)
        secret = request.cookies.get(self.cookie)
        if not secret:
            return None
        now = self.clock()
        with self.store.reading() as db:
            found = sessions.find(db, secret, now, self.lifetime)
        if found is None:
            return None
        session, user = found
        if sessions.is_due(session, now):
            with self.store.writing() as db:
                again = db.get(LogIn, session.secret_sha256)
                if again is not None:
                    again.last_seen_at = now
        return sessions.person(user, session.csrf)

    def _by_token(self, authorization: str) -> Person | None:
        # Imported here: tokens.py speaks of Access.
        from console.access.tokens import PREFIX, find

        kind, _, secret = authorization.partition(" ")
        if kind.lower() != "bearer" or not secret.startswith(PREFIX):
            return None
        now = self.clock()
        with self.store.reading() as db:
            token = find(db, secret.strip(), now)
        if token is None:
            return None
        if token.last_used_at is None or now - token.last_used_at >= sessions.SEEN_STEP:
            with self.store.writing() as db:
                db.execute(update(Token).where(Token.token_id == token.token_id).values(last_used_at=now))
        permissions = frozenset(map(Permission, token.permissions)) | {Permission.PUBLIC}
        scope = Scope(token.clients, token.sites)
        return Person(None, f"token:{token.name}", None, scope, Period(), "", permissions)
