"""Alerts keep out whole teams; a place may have to be located; colleagues are told to the other services in full.

`sequence` of a person grows, by a trigger, with every change of what the other services know of them, whoever makes
it; `told` is the one they were told of last.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

SCHEMA = "notify"

TRIGGERS = (
    """
    CREATE FUNCTION notify.count_change_of_person() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF (NEW.name, NEW.phone, NEW.team_code, NEW.disabled)
                IS DISTINCT FROM (OLD.name, OLD.phone, OLD.team_code, OLD.disabled) THEN
            NEW.sequence = OLD.sequence + 1;
        END IF;
        RETURN NEW;
    END
    $$
    """,
    """
    CREATE TRIGGER count_change BEFORE UPDATE ON notify.people
    FOR EACH ROW EXECUTE FUNCTION notify.count_change_of_person()
    """,
    """
    CREATE FUNCTION notify.count_change_of_team() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF (NEW.name_vi, NEW.name_en, NEW.unit_code, NEW.institutions)
                IS DISTINCT FROM (OLD.name_vi, OLD.name_en, OLD.unit_code, OLD.institutions) THEN
            UPDATE notify.people SET sequence = sequence + 1 WHERE team_code = NEW.code;
        END IF;
        RETURN NULL;
    END
    $$
    """,
    """
    CREATE TRIGGER count_change AFTER UPDATE ON notify.teams
    FOR EACH ROW EXECUTE FUNCTION notify.count_change_of_team()
    """,
)


def upgrade() -> None:
    nobody = sa.text("'{}'")
    op.add_column(
        "alerts", sa.Column("excluded_teams", sa.ARRAY(sa.Text), nullable=False, server_default=nobody), schema=SCHEMA
    )
    op.add_column(
        "alerts", sa.Column("locate", sa.Boolean, nullable=False, server_default=sa.text("false")), schema=SCHEMA
    )
    op.add_column(
        "teams", sa.Column("institutions", sa.ARRAY(sa.Text), nullable=False, server_default=nobody), schema=SCHEMA
    )
    for name, before in (("sequence", "1"), ("told", "0")):
        op.add_column(
            "people", sa.Column(name, sa.BigInteger, nullable=False, server_default=sa.text(before)), schema=SCHEMA
        )
    op.add_column(
        "accounts", sa.Column("told", sa.BigInteger, nullable=False, server_default=sa.text("0")), schema=SCHEMA
    )
    untold = sa.text("told < sequence")
    op.create_index("ix_accounts_untold", "accounts", ["person_id"], schema=SCHEMA, postgresql_where=untold)
    op.create_index("ix_people_untold", "people", ["id"], schema=SCHEMA, postgresql_where=untold)
    for statement in TRIGGERS:
        op.execute(statement)


def downgrade() -> None:
    for table, function in (("people", "person"), ("teams", "team")):
        op.execute(f"DROP TRIGGER count_change ON notify.{table}")
        op.execute(f"DROP FUNCTION notify.count_change_of_{function}()")
    op.drop_index("ix_people_untold", "people", schema=SCHEMA)
    op.drop_index("ix_accounts_untold", "accounts", schema=SCHEMA)
    for table, column in (
        ("accounts", "told"),
        ("people", "told"),
        ("people", "sequence"),
        ("teams", "institutions"),
        ("alerts", "locate"),
        ("alerts", "excluded_teams"),
    ):
        op.drop_column(table, column, schema=SCHEMA)
