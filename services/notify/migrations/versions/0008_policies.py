"""Escalation policies of teams, decided by two people; alerts keep the plan that they began with."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

SCHEMA = "notify"


def upgrade() -> None:
    op.create_table(
        "policies",
        sa.Column("version", sa.Integer, sa.Identity(), nullable=False),
        sa.Column("team", sa.Text, nullable=False),
        sa.Column("level", sa.SmallInteger, nullable=False),
        sa.Column("document", JSONB),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("proposed_by", sa.Uuid, nullable=False),
        sa.Column("proposed_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("decided_by", sa.Uuid),
        sa.Column("decided_at", sa.TIMESTAMP(timezone=True)),
        sa.Column("ended_at", sa.TIMESTAMP(timezone=True)),
        sa.PrimaryKeyConstraint("version", name="pk_policies"),
        sa.CheckConstraint("state IN ('proposed', 'refused', 'active', 'ended')", name="state"),
        sa.CheckConstraint("(state = 'proposed') = (decided_by IS NULL)", name="decided"),
        sa.CheckConstraint("decided_by IS NULL OR state = 'refused' OR decided_by <> proposed_by", name="two_people"),
        schema=SCHEMA,
    )
    op.create_index(
        "uq_policies_active",
        "policies",
        ["team", "level"],
        unique=True,
        schema=SCHEMA,
        postgresql_where=sa.text("state = 'active'"),
    )
    op.execute(
        """
        CREATE FUNCTION notify.keep_policy() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF TG_OP = 'DELETE' OR (NEW.version, NEW.team, NEW.level, NEW.document, NEW.note, NEW.proposed_by, NEW.proposed_at)
                    IS DISTINCT FROM
                    (OLD.version, OLD.team, OLD.level, OLD.document, OLD.note, OLD.proposed_by, OLD.proposed_at)
                    OR OLD.state IN ('refused', 'ended') THEN
                RAISE EXCEPTION 'what was proposed or decided of a policy never changes';
            END IF;
            RETURN NEW;
        END
        $$
        """
    )
    op.execute(
        "CREATE TRIGGER keep_policy BEFORE UPDATE OR DELETE ON notify.policies "
        "FOR EACH ROW EXECUTE FUNCTION notify.keep_policy()"
    )
    op.add_column("alerts", sa.Column("policy", JSONB), schema=SCHEMA)
    op.add_column(
        "alerts", sa.Column("must_all", sa.Boolean, nullable=False, server_default=sa.text("false")), schema=SCHEMA
    )
    op.add_column("pages", sa.Column("acknowledged_at", sa.TIMESTAMP(timezone=True)), schema=SCHEMA)


def downgrade() -> None:
    op.drop_column("pages", "acknowledged_at", schema=SCHEMA)
    op.drop_column("alerts", "must_all", schema=SCHEMA)
    op.drop_column("alerts", "policy", schema=SCHEMA)
    op.drop_table("policies", schema=SCHEMA)
    op.execute("DROP FUNCTION notify.keep_policy()")
