"""What Alembic runs: the migrations, on the connection that `upgrade` gives.

Belongs here: its configuration. Does not: migrations (versions/).
"""

from alembic import context

from console.store.tables import Base

context.configure(connection=context.config.attributes["connection"], target_metadata=Base.metadata, transactional_ddl=True)
with context.begin_transaction():
    context.run_migrations()
