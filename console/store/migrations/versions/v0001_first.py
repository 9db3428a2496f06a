"""The first version of the store.

Belongs here: its tables, and the triggers that keep the audit log, decisions and their answers append-only.
"""

import sqlalchemy as sa
from alembic import op

from console.store.base import Moment

revision = "0001"
down_revision = None

APPEND_ONLY = ("audit_log", "decisions", "decision_answers")


def upgrade() -> None:
    """Make every table."""
    op.create_table(
        "audit_log",
        sa.Column("sequence", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("actor", sa.String(length=120), nullable=False),
        sa.Column("action", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("previous_sha256", sa.String(length=64), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("sequence", name="pk_audit_log"),
    )
    op.create_index("ix_audit_log_at", "audit_log", ["at"])
    op.create_table(
        "decisions",
        sa.Column("decision_id", sa.String(length=36), nullable=False),
        sa.Column("entity_kind", sa.String(length=10), nullable=False),
        sa.Column("entity_id", sa.String(length=200), nullable=False),
        sa.Column("control_id", sa.String(length=20), nullable=True),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("decided_by", sa.String(length=120), nullable=False),
        sa.Column("decided_at", Moment(), nullable=False),
        sa.Column("as_of_on", sa.Date(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=True),
        sa.Column("is_listed", sa.Boolean(), nullable=False),
        sa.Column("owner", sa.String(length=200), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("action_kind", sa.String(length=40), nullable=True),
        sa.Column("reason_code", sa.String(length=40), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("closes_id", sa.String(length=36), nullable=True),
        sa.CheckConstraint("entity_kind in ('process', 'agent')", name="ck_decisions_entity_kind"),
        sa.CheckConstraint(
            "kind in ('acknowledged', 'planned', 'acted', 'waived', 'dismissed', 'escalated')", name="ck_decisions_kind"
        ),
        sa.ForeignKeyConstraint(["closes_id"], ["decisions.decision_id"], name="fk_decisions_closes_id"),
        sa.PrimaryKeyConstraint("decision_id", name="pk_decisions"),
    )
    op.create_index("ix_decisions_decided_at", "decisions", ["decided_at"])
    op.create_index("ix_decisions_entity_id", "decisions", ["entity_id"])
    op.create_table(
        "failed_log_ins",
        sa.Column("attempt_id", sa.Integer(), nullable=False),
        sa.Column("counted_under", sa.String(length=120), nullable=False),
        sa.Column("failed_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("attempt_id", name="pk_failed_log_ins"),
    )
    op.create_index("ix_failed_log_ins_counted_under", "failed_log_ins", ["counted_under"])
    op.create_table(
        "provider_log_ins",
        sa.Column("state_sha256", sa.String(length=64), nullable=False),
        sa.Column("nonce", sa.String(length=64), nullable=False),
        sa.Column("verifier", sa.String(length=128), nullable=False),
        sa.Column("next", sa.String(length=2000), nullable=False),
        sa.Column("expires_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("state_sha256", name="pk_provider_log_ins"),
    )
    op.create_table(
        "reveals",
        sa.Column("reveal_id", sa.String(length=36), nullable=False),
        sa.Column("pseudonym", sa.String(length=40), nullable=False),
        sa.Column("requested_by", sa.String(length=120), nullable=False),
        sa.Column("requested_at", Moment(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("answered_by", sa.String(length=120), nullable=True),
        sa.Column("answered_at", Moment(), nullable=True),
        sa.Column("is_agreed", sa.Boolean(), nullable=True),
        sa.Column("answer_note", sa.Text(), nullable=True),
        sa.Column("expires_at", Moment(), nullable=True),
        sa.PrimaryKeyConstraint("reveal_id", name="pk_reveals"),
    )
    op.create_index("ix_reveals_pseudonym", "reveals", ["pseudonym"])
    op.create_table(
        "tokens",
        sa.Column("token_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("secret_sha256", sa.String(length=64), nullable=False),
        sa.Column("permissions", sa.String(), nullable=False),
        sa.Column("clients", sa.String(), nullable=True),
        sa.Column("sites", sa.String(), nullable=True),
        sa.Column("made_by", sa.String(length=120), nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("expires_at", Moment(), nullable=False),
        sa.Column("revoked_at", Moment(), nullable=True),
        sa.Column("last_used_at", Moment(), nullable=True),
        sa.PrimaryKeyConstraint("token_id", name="pk_tokens"),
        sa.UniqueConstraint("name", name="uq_tokens_name"),
        sa.UniqueConstraint("secret_sha256", name="uq_tokens_secret_sha256"),
    )
    op.create_table(
        "users",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("clients", sa.String(), nullable=True),
        sa.Column("sites", sa.String(), nullable=True),
        sa.Column("period_first_on", sa.Date(), nullable=True),
        sa.Column("period_last_on", sa.Date(), nullable=True),
        sa.Column("password_hash", sa.String(length=200), nullable=True),
        sa.Column("subject", sa.String(length=500), nullable=True),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.CheckConstraint("role in ('viewer', 'operations', 'privacy_officer', 'auditor', 'admin')", name="ck_users_role"),
        sa.CheckConstraint("name = lower(name)", name="ck_users_name"),
        sa.PrimaryKeyConstraint("user_id", name="pk_users"),
        sa.UniqueConstraint("name", name="uq_users_name"),
        sa.UniqueConstraint("subject", name="uq_users_subject"),
    )
    op.create_table(
        "decision_answers",
        sa.Column("decision_id", sa.String(length=36), nullable=False),
        sa.Column("answered_by", sa.String(length=120), nullable=False),
        sa.Column("answered_at", Moment(), nullable=False),
        sa.Column("is_yes", sa.Boolean(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["decision_id"], ["decisions.decision_id"], name="fk_decision_answers_decision_id"),
        sa.PrimaryKeyConstraint("decision_id", name="pk_decision_answers"),
    )
    op.create_index("ix_decision_answers_answered_at", "decision_answers", ["answered_at"])
    op.create_table(
        "links",
        sa.Column("secret_sha256", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("expires_at", Moment(), nullable=False),
        sa.Column("used_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["users.user_id"], name="fk_links_user_id"),
        sa.PrimaryKeyConstraint("secret_sha256", name="pk_links"),
    )
    op.create_table(
        "sessions",
        sa.Column("secret_sha256", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("csrf", sa.String(length=64), nullable=False),
        sa.Column("started_at", Moment(), nullable=False),
        sa.Column("last_seen_at", Moment(), nullable=False),
        sa.Column("expires_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.user_id"], name="fk_sessions_user_id"),
        sa.PrimaryKeyConstraint("secret_sha256", name="pk_sessions"),
    )
    op.create_index("ix_sessions_user_id", "sessions", ["user_id"])
    for table in APPEND_ONLY:
        _make_append_only(table)


def _make_append_only(table: str) -> None:
    if op.get_bind().dialect.name == "sqlite":
        for change in ("update", "delete"):
            op.execute(
                f"create trigger {table}_no_{change} before {change} on {table}"
                f" begin select raise(abort, '{table} is append-only'); end"
            )
        return
    op.execute(
        f"create function {table}_is_append_only() returns trigger language plpgsql as"
        f" $$ begin raise exception '{table} is append-only'; end $$"
    )
    op.execute(
        f"create trigger {table}_no_change before update or delete on {table}"
        f" for each row execute function {table}_is_append_only()"
    )
    op.execute(
        f"create trigger {table}_no_truncate before truncate on {table}"
        f" for each statement execute function {table}_is_append_only()"
    )
