"""The store: its migrations make the schema that the code expects."""

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from console.store.database import Store
from console.store.migrations import upgrade
from console.store.tables import Base
from tests.console_web.conftest import START


def test_migrations_make_exactly_the_tables_of_the_code(console):
    with console.store.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []


def test_a_second_start_changes_nothing(console):
    upgrade(console.store)
    with console.store.engine.connect() as connection:
        assert MigrationContext.configure(connection).get_current_revision() == "0002"


def test_the_file_is_readable_by_its_owner_only(tmp_path):
    store = Store(f"sqlite:///{tmp_path / 'new' / 'console.db'}")
    store.close()
    assert (tmp_path / "new" / "console.db").stat().st_mode & 0o077 == 0


def test_times_come_back_in_utc_as_they_went_in(console):
    from datetime import timedelta, timezone

    from sqlalchemy import select

    from console.store.sessions import FailedLogIn

    with console.store.writing() as db:
        db.add(FailedLogIn(counted_under="x", failed_at=START.astimezone(timezone(timedelta(hours=5)))))
    with console.store.reading() as db:
        found = db.scalars(select(FailedLogIn.failed_at)).one()
    assert (found, found.utcoffset()) == (START, timedelta(0))
