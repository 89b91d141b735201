"""Search of reports by code, phone, name or place; every search is kept."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

SCHEMA = "intake"
REPORT = "intake.reports.report_id"


def upgrade() -> None:
    op.create_table(
        "search_keys",
        sa.Column("report_id", sa.Uuid, nullable=False),
        sa.Column("person", sa.SmallInteger, autoincrement=False, nullable=False),
        sa.Column("digests", sa.ARRAY(sa.LargeBinary), nullable=False),
        sa.PrimaryKeyConstraint("report_id", "person", name="pk_search_keys"),
        sa.ForeignKeyConstraint(["report_id"], [REPORT], name="fk_search_keys_report_id"),
        schema=SCHEMA,
    )
    op.create_index("ix_search_keys_digests", "search_keys", ["digests"], schema=SCHEMA, postgresql_using="gin")
    op.create_table(
        "unsearchable",
        sa.Column("report_id", sa.Uuid, nullable=False),
        sa.PrimaryKeyConstraint("report_id", name="pk_unsearchable"),
        sa.ForeignKeyConstraint(["report_id"], [REPORT], name="fk_unsearchable_report_id"),
        schema=SCHEMA,
    )
    op.execute(
        "INSERT INTO intake.unsearchable (report_id) SELECT report_id FROM intake.reports WHERE derived_from IS NULL"
    )
    op.create_table(
        "searches",
        sa.Column("id", sa.BigInteger, sa.Identity(), nullable=False),
        sa.Column("person_id", sa.Uuid, nullable=False),
        sa.Column("at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("kinds", sa.ARRAY(sa.Text), nullable=False),
        sa.Column("found", sa.Integer, nullable=False),
        sa.Column("digest", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_searches"),
        schema=SCHEMA,
    )
    op.create_index("ix_searches_person_id_at", "searches", ["person_id", "at"], schema=SCHEMA)
    op.execute(
        """
        CREATE FUNCTION intake.refuse_rewriting_searches() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION 'a search that was kept is never changed';
        END $$
        """
    )
    for event, each in (("UPDATE OR DELETE", "ROW"), ("TRUNCATE", "STATEMENT")):
        op.execute(
            f"""
            CREATE TRIGGER refuse_rewriting_{each.lower()} BEFORE {event} ON intake.searches
            FOR EACH {each} EXECUTE FUNCTION intake.refuse_rewriting_searches()
            """
        )


def downgrade() -> None:
    for table in ("searches", "unsearchable", "search_keys"):
        op.drop_table(table, schema=SCHEMA)
    op.execute("DROP FUNCTION intake.refuse_rewriting_searches()")
