"""An imported turn of duty may carry a note, and boards hear of turns that are taken away."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

SCHEMA = "notify"


def upgrade() -> None:
    op.add_column("duty_entries", sa.Column("note", sa.Text, nullable=False, server_default=""), schema=SCHEMA)
    _tell("INSERT OR UPDATE OR DELETE")


def downgrade() -> None:
    _tell("INSERT OR UPDATE")
    op.drop_column("duty_entries", "note", schema=SCHEMA)


def _tell(when: str) -> None:
    op.execute("DROP TRIGGER tell_change ON notify.duty")
    op.execute(
        f"CREATE TRIGGER tell_change AFTER {when} ON notify.duty "
        "FOR EACH STATEMENT EXECUTE FUNCTION notify.tell_change()"
    )
