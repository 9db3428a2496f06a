"""Workers' own records, and no way around append-only in SQLite.

Belongs here: two tables, and a trigger per append-only table: `insert or replace` deletes the old row without a delete trigger.
"""

import sqlalchemy as sa
from alembic import op

from console.store.base import Moment

revision = "0002"
down_revision = "0001"

KEYS = {"audit_log": "sequence", "decisions": "decision_id", "decision_answers": "decision_id"}


def upgrade() -> None:
    """Make the tables and the triggers."""
    op.create_table(
        "own_record_links",
        sa.Column("link_id", sa.String(length=36), nullable=False),
        sa.Column("pseudonym", sa.String(length=40), nullable=False),
        sa.Column("issued_by", sa.String(length=120), nullable=False),
        sa.Column("issued_at", Moment(), nullable=False),
        sa.Column("expires_at", Moment(), nullable=False),
        sa.Column("revoked_at", Moment(), nullable=True),
        sa.Column("opened_at", Moment(), nullable=True),
        sa.PrimaryKeyConstraint("link_id", name="pk_own_record_links"),
    )
    op.create_index("ix_own_record_links_pseudonym", "own_record_links", ["pseudonym"])
    op.create_table(
        "contests",
        sa.Column("contest_id", sa.String(length=36), nullable=False),
        sa.Column("link_id", sa.String(length=36), nullable=False),
        sa.Column("pseudonym", sa.String(length=40), nullable=False),
        sa.Column("control_id", sa.String(length=20), nullable=True),
        sa.Column("statement", sa.Text(), nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("answered_by", sa.String(length=120), nullable=True),
        sa.Column("answered_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(["link_id"], ["own_record_links.link_id"], name="fk_contests_link_id"),
        sa.PrimaryKeyConstraint("contest_id", name="pk_contests"),
    )
    op.create_index("ix_contests_made_at", "contests", ["made_at"])
    op.create_index("ix_contests_pseudonym", "contests", ["pseudonym"])
    if op.get_bind().dialect.name == "sqlite":
        for table, key in KEYS.items():
            op.execute(
                f"create trigger {table}_no_replace before insert on {table}"
                f" when exists (select 1 from {table} where {key} = new.{key})"
                f" begin select raise(abort, '{table} is append-only'); end"
            )
