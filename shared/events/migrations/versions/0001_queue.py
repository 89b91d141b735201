"""The queue, the dead letters and the record of what was handled."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from faststream_outbox import outbox_autovacuum_ddl
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

SCHEMA = "events"
MOMENT = sa.DateTime(timezone=True)
NOW = sa.text("now()")
ZERO = sa.text("'0'")


def upgrade() -> None:
    _create_queue()
    _create_dead_letters()
    op.create_table(
        "handled",
        sa.Column("consumer", sa.Text, nullable=False),
        sa.Column("event_id", sa.Uuid, nullable=False),
        sa.Column("handled_at", MOMENT, nullable=False, server_default=NOW),
        sa.PrimaryKeyConstraint("consumer", "event_id", name="pk_handled"),
        schema=SCHEMA,
    )


def _create_queue() -> None:
    op.create_table(
        "queue",
        sa.Column("id", sa.BigInteger, autoincrement=True, nullable=False),
        sa.Column("queue", sa.String(255), nullable=False),
        sa.Column("payload", sa.LargeBinary, nullable=False),
        sa.Column("headers", postgresql.JSONB, nullable=True),
        sa.Column("attempts_count", sa.BigInteger, nullable=False, server_default=ZERO),
        sa.Column("deliveries_count", sa.BigInteger, nullable=False, server_default=ZERO),
        sa.Column("created_at", MOMENT, nullable=False, server_default=NOW),
        sa.Column("next_attempt_at", MOMENT, nullable=False, server_default=NOW),
        sa.Column("first_attempt_at", MOMENT, nullable=True),
        sa.Column("last_attempt_at", MOMENT, nullable=True),
        sa.Column("acquired_at", MOMENT, nullable=True),
        sa.Column("acquired_token", sa.Uuid, nullable=True),
        sa.Column("timer_id", sa.String(255), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_queue"),
        sa.CheckConstraint("(acquired_token IS NULL) = (acquired_at IS NULL)", name=op.f("ck_queue_queue_lease_ck")),
        schema=SCHEMA,
    )
    ordered = ["queue", "next_attempt_at", "id"]
    _create_index("queue_pending_idx", ordered, where="acquired_token IS NULL")
    _create_index("queue_leased_idx", ordered, where="acquired_token IS NOT NULL")
    _create_index("queue_timer_id_uq", ["queue", "timer_id"], where="timer_id IS NOT NULL", unique=True)
    op.execute(outbox_autovacuum_ddl("queue", schema=SCHEMA))


def _create_index(name: str, columns: list[str], *, where: str, unique: bool = False) -> None:
    op.create_index(name, "queue", columns, unique=unique, schema=SCHEMA, postgresql_where=sa.text(where))


def _create_dead_letters() -> None:
    op.create_table(
        "dead_letters",
        sa.Column("id", sa.BigInteger, autoincrement=True, nullable=False),
        sa.Column("original_id", sa.BigInteger, nullable=False),
        sa.Column("queue", sa.String(255), nullable=False),
        sa.Column("payload", sa.LargeBinary, nullable=False),
        sa.Column("headers", postgresql.JSONB, nullable=True),
        sa.Column("deliveries_count", sa.BigInteger, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("failed_at", MOMENT, nullable=False, server_default=NOW),
        sa.Column("failure_reason", sa.String(64), nullable=False),
        sa.Column("last_exception", sa.String, nullable=True),
        sa.Column("timer_id", sa.String(255), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_dead_letters"),
        schema=SCHEMA,
    )
    op.create_index("dead_letters_queue_failed_idx", "dead_letters", ["queue", "failed_at"], schema=SCHEMA)


def downgrade() -> None:
    for table in ("handled", "dead_letters", "queue"):
        op.drop_table(table, schema=SCHEMA)
