"""People are reached by contacts on channels, proved by a code; what is changed about people is kept.

The number that each person had becomes their first contact: verified, failing or opted out as it was. Messages
may belong to no alert, as a code does.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

SCHEMA = "notify"
MOMENT = sa.TIMESTAMP(timezone=True)

MOVE = """
INSERT INTO notify.contacts
    (person_id, channel, address, rank, verified_at, opted_out_at, failing_since, failing_code, created_at)
SELECT id, 'sms', phone, 1,
    CASE WHEN phone_verified THEN now() END,
    CASE WHEN unreachable IN ('opted out', '21610') THEN now() END,
    CASE WHEN unreachable ~ '^[0-9]+$' AND unreachable <> '21610' THEN now() END,
    CASE WHEN unreachable ~ '^[0-9]+$' AND unreachable <> '21610' THEN unreachable::integer END,
    now()
FROM notify.people
WHERE phone <> ''
"""

MOVE_BACK = """
UPDATE notify.people SET phone = first.address, phone_verified = first.verified_at IS NOT NULL,
    unreachable = CASE WHEN first.opted_out_at IS NOT NULL THEN 'opted out' ELSE first.failing_code::text END
FROM (
    SELECT DISTINCT ON (person_id) * FROM notify.contacts WHERE channel = 'sms' ORDER BY person_id, rank, id
) AS first
WHERE first.person_id = people.id
"""

PERSON_COUNTS = """
CREATE OR REPLACE FUNCTION notify.count_change_of_person() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ({new}) IS DISTINCT FROM ({old}) THEN
        NEW.sequence = OLD.sequence + 1;
    END IF;
    RETURN NEW;
END
$$
"""

CONTACT_TRIGGERS = (
    """
    CREATE FUNCTION notify.count_change_of_contact() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        UPDATE notify.people SET sequence = sequence + 1 WHERE id = COALESCE(NEW.person_id, OLD.person_id);
        RETURN NULL;
    END
    $$
    """,
    """
    CREATE TRIGGER count_change AFTER INSERT OR DELETE ON notify.contacts
    FOR EACH ROW EXECUTE FUNCTION notify.count_change_of_contact()
    """,
    """
    CREATE TRIGGER count_change_of_address AFTER UPDATE ON notify.contacts
    FOR EACH ROW WHEN (OLD.address IS DISTINCT FROM NEW.address)
    EXECUTE FUNCTION notify.count_change_of_contact()
    """,
    """
    CREATE FUNCTION notify.refuse_rewriting_people_changes() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'what was changed about people stays as it was kept';
    END
    $$
    """,
    """
    CREATE TRIGGER refuse_rewriting_row BEFORE UPDATE OR DELETE ON notify.people_changes
    FOR EACH ROW EXECUTE FUNCTION notify.refuse_rewriting_people_changes()
    """,
    """
    CREATE TRIGGER refuse_rewriting_statement BEFORE TRUNCATE ON notify.people_changes
    FOR EACH STATEMENT EXECUTE FUNCTION notify.refuse_rewriting_people_changes()
    """,
)


def upgrade() -> None:
    _create_tables()
    op.execute(MOVE)
    names = ("name", "team_code", "disabled")
    op.execute(_counting(names))
    op.drop_index("ix_people_phone", "people", schema=SCHEMA)
    for column in ("phone", "phone_verified", "unreachable"):
        op.drop_column("people", column, schema=SCHEMA)
    for statement in CONTACT_TRIGGERS:
        op.execute(statement)
    op.alter_column("messages", "report_id", nullable=True, schema=SCHEMA)


def downgrade() -> None:
    op.execute("DELETE FROM notify.messages WHERE report_id IS NULL")
    op.alter_column("messages", "report_id", nullable=False, schema=SCHEMA)
    op.add_column("people", sa.Column("phone", sa.Text, nullable=False, server_default=""), schema=SCHEMA)
    op.add_column(
        "people",
        sa.Column("phone_verified", sa.Boolean, nullable=False, server_default=sa.text("false")),
        schema=SCHEMA,
    )
    op.add_column("people", sa.Column("unreachable", sa.Text), schema=SCHEMA)
    op.execute(MOVE_BACK)
    op.alter_column("people", "phone", server_default=None, schema=SCHEMA)
    op.create_index("ix_people_phone", "people", ["phone"], schema=SCHEMA)
    op.execute(_counting(("name", "phone", "team_code", "disabled")))
    for table in ("people_changes", "contact_codes_sent", "contact_codes", "contacts"):
        op.drop_table(table, schema=SCHEMA)
    op.execute("DROP FUNCTION notify.count_change_of_contact()")
    op.execute("DROP FUNCTION notify.refuse_rewriting_people_changes()")


def _counting(names: tuple[str, ...]) -> str:
    return PERSON_COUNTS.format(
        new=", ".join(f"NEW.{name}" for name in names), old=", ".join(f"OLD.{name}" for name in names)
    )


def _create_tables() -> None:
    op.create_table(
        "contacts",
        sa.Column("id", sa.Uuid, nullable=False, server_default=sa.text("gen_random_uuid()")),
        sa.Column("person_id", sa.Uuid, nullable=False),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("address", sa.Text, nullable=False),
        sa.Column("rank", sa.SmallInteger, nullable=False),
        sa.Column("verified_at", MOMENT),
        sa.Column("verified_by", sa.Uuid),
        sa.Column("opted_out_at", MOMENT),
        sa.Column("failing_since", MOMENT),
        sa.Column("failing_code", sa.Integer),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_contacts"),
        sa.UniqueConstraint("person_id", "channel", "address", name="uq_contacts_person_id_channel_address"),
        sa.CheckConstraint("channel IN ('sms', 'voice', 'email', 'zalo')", name="channel"),
        sa.CheckConstraint("(failing_since IS NULL) = (failing_code IS NULL)", name="failing_has_a_code"),
        schema=SCHEMA,
    )
    op.create_index("ix_contacts_address_channel", "contacts", ["address", "channel"], schema=SCHEMA)
    op.create_table(
        "contact_codes",
        sa.Column("contact_id", sa.Uuid, nullable=False),
        sa.Column("code_hash", sa.LargeBinary, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("tries", sa.SmallInteger, nullable=False, server_default=sa.text("0")),
        sa.PrimaryKeyConstraint("contact_id", name="pk_contact_codes"),
        schema=SCHEMA,
    )
    op.create_table(
        "contact_codes_sent",
        sa.Column("id", sa.BigInteger, sa.Identity(), nullable=False),
        sa.Column("person_id", sa.Uuid, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_contact_codes_sent"),
        schema=SCHEMA,
    )
    op.create_index("ix_contact_codes_sent_person_id_at", "contact_codes_sent", ["person_id", "at"], schema=SCHEMA)
    op.create_table(
        "people_changes",
        sa.Column("id", sa.BigInteger, sa.Identity(), nullable=False),
        sa.Column("person_id", sa.Uuid),
        sa.Column("team_code", sa.Text),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("by", sa.Uuid),
        sa.Column("what", sa.Text, nullable=False),
        sa.Column("detail", postgresql.JSONB, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_people_changes"),
        sa.CheckConstraint("(person_id IS NULL) <> (team_code IS NULL)", name="of_a_person_or_a_team"),
        schema=SCHEMA,
    )
    for column in ("person_id", "team_code"):
        op.create_index(f"ix_people_changes_{column}_id", "people_changes", [column, "id"], schema=SCHEMA)
