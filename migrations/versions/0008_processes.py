"""What processes go by: when a region works, what it promises, and how documents are numbered."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

NUMBERED = ("quote", "contract", "order", "ticket")
KEY = "decode(replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', ''), 'hex')"


def upgrade() -> None:
    """Add them."""
    for name, comment in (
        ("business_calendar", "When people work here: `hours` by weekday, and `holidays`."),
        ("service_promises", "When answers and solutions are due here; the first promise that fits a ticket holds."),
    ):
        op.add_column("regions", sa.Column(name, JSONB(none_as_null=True), comment=comment))
    for name in NUMBERED:
        op.execute(f"CREATE SEQUENCE {name}_numbers")
    op.create_table(
        "numbering",
        sa.Column("singleton", sa.Boolean, nullable=False, server_default=sa.true(), comment="Always true."),
        sa.Column(
            "key", sa.LargeBinary, nullable=False, comment="Secret by which numbers tell nothing of how many there are."
        ),
        sa.PrimaryKeyConstraint("singleton", name=op.f("pk_numbering")),
        sa.CheckConstraint("singleton", name=op.f("ck_numbering_singleton")),
        comment="How documents are numbered; one row.",
    )
    op.execute(f"INSERT INTO numbering (key) VALUES ({KEY})")


def downgrade() -> None:
    """Forget them."""
    op.drop_table("numbering")
    for name in NUMBERED:
        op.execute(f"DROP SEQUENCE {name}_numbers")
    op.drop_column("regions", "service_promises")
    op.drop_column("regions", "business_calendar")
