"""Versions of the rule table, who put them into force, and replays."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

SCHEMA = "triage"


def upgrade() -> None:
    op.create_table(
        "rule_tables",
        sa.Column("version", sa.Text, nullable=False),
        sa.Column("document", JSONB, nullable=False),
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("base_version", sa.Text),
        sa.Column("author", sa.Uuid),
        sa.Column("note", sa.Text, nullable=False, server_default=sa.text("''")),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("created_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("changed_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("proposed_by", sa.Uuid),
        sa.Column("proposed_at", sa.TIMESTAMP(timezone=True)),
        sa.PrimaryKeyConstraint("version", name="pk_rule_tables"),
        sa.CheckConstraint("state IN ('draft', 'proposed', 'active', 'retired')", name="state"),
        sa.CheckConstraint("state <> 'proposed' OR (proposed_by IS NOT NULL AND note <> '')", name="proposed"),
        schema=SCHEMA,
    )
    op.create_index(
        "uq_rule_tables_active",
        "rule_tables",
        ["state"],
        unique=True,
        schema=SCHEMA,
        postgresql_where=sa.text("state = 'active'"),
    )
    op.create_table(
        "rule_activations",
        sa.Column("id", sa.BigInteger, sa.Identity(always=True), nullable=False),
        sa.Column("version", sa.Text, nullable=False),
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("replaced", sa.Text, nullable=False),
        sa.Column("proposed_by", sa.Uuid, nullable=False),
        sa.Column("activated_by", sa.Uuid, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("activated_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_rule_activations"),
        sa.CheckConstraint("proposed_by <> activated_by", name="two_people"),
        schema=SCHEMA,
    )
    op.create_table(
        "rule_replays",
        sa.Column("id", sa.BigInteger, sa.Identity(always=True), nullable=False),
        sa.Column("version", sa.Text, nullable=False),
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("against_version", sa.Text, nullable=False),
        sa.Column("against", sa.Text, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("result", JSONB, nullable=False),
        sa.Column("viewed_by", sa.Uuid, nullable=False),
        sa.Column("viewed_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_rule_replays"),
        sa.CheckConstraint("source IN ('cases', 'samples')", name="source"),
        schema=SCHEMA,
    )
    op.create_index("ix_rule_replays_digest", "rule_replays", ["digest"], schema=SCHEMA)
    keep_what_was_proposed()
    keep_history()


def downgrade() -> None:
    for table in ("rule_replays", "rule_activations", "rule_tables"):
        op.drop_table(table, schema=SCHEMA)
    op.execute("DROP FUNCTION triage.keep_rule_table()")
    op.execute("DROP FUNCTION triage.keep_rule_activation()")


def keep_what_was_proposed() -> None:
    op.execute(
        """
        CREATE FUNCTION triage.keep_rule_table() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF TG_OP = 'DELETE' THEN
                IF OLD.state <> 'draft' THEN
                    RAISE EXCEPTION 'only a draft of the rule table is ever deleted';
                END IF;
                RETURN OLD;
            END IF;
            IF OLD.state <> 'draft' AND (NEW.version, NEW.document, NEW.digest)
                IS DISTINCT FROM (OLD.version, OLD.document, OLD.digest) THEN
                RAISE EXCEPTION 'only a draft of the rule table is ever changed';
            END IF;
            IF (OLD.state = 'retired' AND NEW.state <> 'retired')
                OR (OLD.state = 'active' AND NEW.state NOT IN ('active', 'retired')) THEN
                RAISE EXCEPTION 'a rule table that was in force is never a draft again';
            END IF;
            RETURN NEW;
        END $$
        """
    )
    op.execute(
        """
        CREATE TRIGGER keep_rule_table BEFORE UPDATE OR DELETE ON triage.rule_tables
        FOR EACH ROW EXECUTE FUNCTION triage.keep_rule_table()
        """
    )


def keep_history() -> None:
    op.execute(
        """
        CREATE FUNCTION triage.keep_rule_activation() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION 'an activation is never changed';
        END $$
        """
    )
    op.execute(
        """
        CREATE TRIGGER keep_rule_activation BEFORE UPDATE OR DELETE ON triage.rule_activations
        FOR EACH ROW EXECUTE FUNCTION triage.keep_rule_activation()
        """
    )
