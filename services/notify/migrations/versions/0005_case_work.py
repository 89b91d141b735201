"""An alert follows what people do on its case: who holds it, whether the child was seen, whether Mẫu 02 is done."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

SCHEMA = "notify"
MOMENT = sa.TIMESTAMP(timezone=True)
MILESTONES = {"seen": "visit_by", "form02": "form02_by"}


def upgrade() -> None:
    op.add_column("alerts", sa.Column("held_by", sa.Uuid), schema=SCHEMA)
    op.add_column("alerts", sa.Column("offered_to", sa.Text), schema=SCHEMA)
    for name, due in MILESTONES.items():
        op.add_column("alerts", sa.Column(f"{name}_at", MOMENT), schema=SCHEMA)
        op.add_column("alerts", sa.Column(f"{name}_reminded_at", MOMENT), schema=SCHEMA)
        waits = f"state = 'acknowledged' AND {name}_at IS NULL AND {name}_reminded_at IS NULL"
        op.create_index(f"ix_alerts_{name}_due", "alerts", [due], schema=SCHEMA, postgresql_where=sa.text(waits))


def downgrade() -> None:
    for name in MILESTONES:
        op.drop_column("alerts", f"{name}_reminded_at", schema=SCHEMA)
        op.drop_column("alerts", f"{name}_at", schema=SCHEMA)
    op.drop_column("alerts", "offered_to", schema=SCHEMA)
    op.drop_column("alerts", "held_by", schema=SCHEMA)
