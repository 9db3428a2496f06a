"""A console on a published home, with a clock that tests move, and a logged-in browser for every role."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from console.access import sessions
from console.access.access import Access
from console.access.passwords import hashed
from console.access.roles import Role, Scope
from console.store.users import User
from console.web.app import create_app
from preaudit.settings import Settings
from preaudit.snapshot import publish
from tests.console.published_fixture import DAY, make_warehouse, settings_for

PASSWORD = "correct horse battery staple"
# Hashing costs 50 ms; once is enough.
PASSWORD_HASH = hashed(PASSWORD, "")
START = datetime(2026, 2, 1, 9, 0, tzinfo=UTC)
PERIOD = (date(2026, 1, 1), date(2026, 2, 28))


@dataclass
class Clock:
    """The time of the test."""

    now: datetime = START

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **parts: float) -> None:
        self.now += timedelta(**parts)


@dataclass
class Console:
    """The application and its browsers."""

    settings: Settings
    clock: Clock
    app: FastAPI = field(init=False)

    def __post_init__(self) -> None:
        self.app = create_app(self.settings, self.clock)

    @property
    def access(self) -> Access:
        return self.app.state.access

    @property
    def store(self):
        return self.app.state.store

    def add_user(self, name: str, role: Role, scope: Scope | None = None) -> None:
        scope = scope or Scope()
        first, last = PERIOD if role is Role.AUDITOR else (None, None)
        with self.store.writing() as db:
            db.add(
                User(
                    name=name,
                    role=role,
                    clients=scope.clients,
                    sites=scope.sites,
                    password_hash=PASSWORD_HASH,
                    period_first_on=first,
                    period_last_on=last,
                    is_active=True,
                    created_at=self.clock(),
                )
            )

    def browser(self) -> TestClient:
        """Nobody is logged in; redirects are not followed; a defect raises."""
        return TestClient(self.app, base_url="http://console.test", follow_redirects=False)

    def client(self, role: Role | str, name: str = "", scope: Scope | None = None) -> TestClient:
        """A browser with a session of a user with that role; `client.csrf` is what forms send back."""
        role = Role(role)
        name = name or f"{role.value}.person"
        with self.store.reading() as db:
            known = db.query(User).filter_by(name=name).first()
        if known is None:
            self.add_user(name, role, scope)
        with self.store.writing() as db:
            user = db.query(User).filter_by(name=name).one()
            secret = sessions.start(db, user, self.clock(), self.access.lifetime)
            csrf = sessions.find(db, secret, self.clock(), self.access.lifetime)[0].csrf
        browser = self.browser()
        browser.cookies.set(self.access.cookie, secret)
        browser.csrf = csrf
        return browser


@pytest.fixture(scope="session")
def published_home(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A home with one published day; tests that write take a copy of it."""
    settings = settings_for(tmp_path_factory.mktemp("console"))
    make_warehouse(settings)
    publish(settings, DAY, {"run_id": "r1"})
    return settings


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def console(published_home: Settings, tmp_path: Path, clock: Clock) -> Iterator[Console]:
    """A console with its own store, on a home that shows the published one."""
    made = Console(home_beside(published_home, tmp_path), clock)
    yield made
    made.store.close()


def home_beside(published: Settings, folder: Path, **changes: object) -> Settings:
    """Settings of a new home in `folder` whose snapshots and key are those of another one."""
    home = folder / "var"
    home.mkdir(parents=True)
    for name in ("published", "pseudonym.key"):
        (home / name).symlink_to(published.home / name)
    return published.model_copy(update={"home": home, "landing": folder / "landing", **changes})
