"""Templates of messages with their history; messages that share one SMS, or wait for their turn.

What a version of a template says can never change: who was told what has to be known later.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

SCHEMA = "notify"

STATEMENTS = (
    """
    CREATE TABLE notify.message_templates (
        id UUID NOT NULL,
        name TEXT NOT NULL,
        language TEXT NOT NULL,
        version INTEGER NOT NULL,
        text TEXT NOT NULL,
        encoding TEXT NOT NULL,
        sender_name TEXT NOT NULL,
        registration TEXT DEFAULT '' NOT NULL,
        registered_at TIMESTAMP WITH TIME ZONE,
        state TEXT NOT NULL,
        proposed_by UUID NOT NULL,
        proposed_at TIMESTAMP WITH TIME ZONE NOT NULL,
        decided_by UUID,
        in_force_from TIMESTAMP WITH TIME ZONE,
        ended_at TIMESTAMP WITH TIME ZONE,
        CONSTRAINT pk_message_templates PRIMARY KEY (id),
        CONSTRAINT uq_message_templates_name_language_version UNIQUE (name, language, version),
        CONSTRAINT ck_message_templates_language CHECK (language IN ('vi', 'en')),
        CONSTRAINT ck_message_templates_encoding CHECK (encoding IN ('gsm7', 'ucs2')),
        CONSTRAINT ck_message_templates_state CHECK (state IN ('proposed', 'in_force', 'retired', 'withdrawn')),
        CONSTRAINT ck_message_templates_two_people CHECK (decided_by <> proposed_by)
    )
    """,
    """
    CREATE UNIQUE INDEX uq_message_templates_in_force ON notify.message_templates (name, language)
    WHERE state = 'in_force'
    """,
    """
    CREATE TABLE notify.sender_pace (
        sender TEXT NOT NULL,
        free_at TIMESTAMP WITH TIME ZONE NOT NULL,
        CONSTRAINT pk_sender_pace PRIMARY KEY (sender)
    )
    """,
    """
    CREATE FUNCTION notify.keep_template() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'DELETE' THEN
            RAISE EXCEPTION 'versions of message templates are kept';
        END IF;
        IF (NEW.id, NEW.name, NEW.language, NEW.version, NEW.text, NEW.encoding, NEW.sender_name, NEW.registration,
                NEW.registered_at, NEW.proposed_by, NEW.proposed_at)
            IS DISTINCT FROM
           (OLD.id, OLD.name, OLD.language, OLD.version, OLD.text, OLD.encoding, OLD.sender_name, OLD.registration,
                OLD.registered_at, OLD.proposed_by, OLD.proposed_at)
            OR (OLD.state, NEW.state) NOT IN
               (('proposed', 'in_force'), ('proposed', 'withdrawn'), ('in_force', 'retired')) THEN
            RAISE EXCEPTION 'a version of a message template does not change';
        END IF;
        RETURN NEW;
    END
    $$
    """,
    """
    CREATE TRIGGER keep_template BEFORE UPDATE OR DELETE ON notify.message_templates
    FOR EACH ROW EXECUTE FUNCTION notify.keep_template()
    """,
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
    op.add_column("messages", sa.Column("bundle_id", sa.Uuid), schema=SCHEMA)
    op.add_column("messages", sa.Column("held_until", sa.DateTime(timezone=True)), schema=SCHEMA)
    op.add_column("messages", sa.Column("held_by", sa.Text), schema=SCHEMA)
    op.create_index("ix_messages_person_id_claimed_at", "messages", ["person_id", "claimed_at"], schema=SCHEMA)
    op.create_index(
        "ix_messages_waiting",
        "messages",
        ["person_id"],
        schema=SCHEMA,
        postgresql_where=sa.text("state = 'queued' AND held_until IS NOT NULL"),
    )
    op.create_index(
        "ix_messages_bundle_id",
        "messages",
        ["bundle_id"],
        schema=SCHEMA,
        postgresql_where=sa.text("bundle_id IS NOT NULL"),
    )


def downgrade() -> None:
    for name in ("ix_messages_bundle_id", "ix_messages_waiting", "ix_messages_person_id_claimed_at"):
        op.drop_index(name, "messages", schema=SCHEMA)
    for column in ("held_by", "held_until", "bundle_id"):
        op.drop_column("messages", column, schema=SCHEMA)
    op.drop_table("sender_pace", schema=SCHEMA)
    op.drop_table("message_templates", schema=SCHEMA)
    op.execute("DROP FUNCTION notify.keep_template()")
