"""The schema's history, and bringing a store up to date; it runs at every start.

Belongs here: `upgrade`; Alembic reads env.py and versions/. Does not: tables as they are now (console/store).
"""

from pathlib import Path

from alembic import command
from alembic.config import Config

from console.store.database import Store

FOLDER = Path(__file__).parent


def upgrade(store: Store) -> None:
    """Bring the schema to the newest version, in one transaction per version; a store that has it is left alone."""
    with store.migrating() as connection:
        configuration = Config(attributes={"connection": connection})
        configuration.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
        command.upgrade(configuration, "head")
