"""People are invited by a link that is used once; supervisors propose changes of people, administrators decide."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

SCHEMA = "notify"
MOMENT = sa.TIMESTAMP(timezone=True)

KEEP_DECISIONS = (
    """
    CREATE FUNCTION notify.refuse_changing_decided_proposals() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'a proposal that is decided stays as it is';
    END
    $$
    """,
    """
    CREATE TRIGGER refuse_changing_decided BEFORE UPDATE OR DELETE ON notify.people_proposals
    FOR EACH ROW WHEN (OLD.state <> 'open') EXECUTE FUNCTION notify.refuse_changing_decided_proposals()
    """,
)


def upgrade() -> None:
    op.create_table(
        "invitations",
        sa.Column("person_id", sa.Uuid, nullable=False),
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("person_id", name="pk_invitations"),
        schema=SCHEMA,
    )
    op.create_index("uq_invitations_token_hash", "invitations", ["token_hash"], unique=True, schema=SCHEMA)
    op.create_table(
        "people_proposals",
        sa.Column("id", sa.BigInteger, sa.Identity(), nullable=False),
        sa.Column("person_id", sa.Uuid, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("value", sa.Text, nullable=False),
        sa.Column("why", sa.Text, nullable=False),
        sa.Column("proposed_by", sa.Uuid, nullable=False),
        sa.Column("proposed_at", MOMENT, nullable=False),
        sa.Column("state", sa.Text, nullable=False, server_default=sa.text("'open'")),
        sa.Column("decided_by", sa.Uuid),
        sa.Column("decided_at", MOMENT),
        sa.Column("reason", sa.Text),
        sa.PrimaryKeyConstraint("id", name="pk_people_proposals"),
        sa.CheckConstraint("kind IN ('contact', 'contact_remove', 'team', 'position', 'disable')", name="kind"),
        sa.CheckConstraint("state IN ('open', 'accepted', 'refused')", name="state"),
        sa.CheckConstraint("(state = 'open') = (decided_at IS NULL)", name="decided_has_a_moment"),
        sa.CheckConstraint("state <> 'refused' OR reason <> ''", name="refused_has_a_reason"),
        schema=SCHEMA,
    )
    op.create_index(
        "uq_people_proposals_open",
        "people_proposals",
        ["person_id", "kind", "value"],
        unique=True,
        schema=SCHEMA,
        postgresql_where=sa.text("state = 'open'"),
    )
    for statement in KEEP_DECISIONS:
        op.execute(statement)


def downgrade() -> None:
    for table in ("people_proposals", "invitations"):
        op.drop_table(table, schema=SCHEMA)
    op.execute("DROP FUNCTION notify.refuse_changing_decided_proposals()")
